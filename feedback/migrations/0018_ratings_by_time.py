from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Beside the writes that go on."""

    atomic = False

    dependencies = [("feedback", "0017_splits_of_themes")]

    operations = [
        AddIndexConcurrently("rating", models.Index(fields=["at"], name="rating_by_time")),
    ]
