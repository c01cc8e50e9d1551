from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

KINDS = (
    "opened", "moved", "message_in", "replied", "queued", "merged", "unmerged", "crisis_entered", "crisis_again",
    "crisis_acknowledged", "crisis_false_alarm",
)  # fmt: skip


class Migration(migrations.Migration):
    """Beside the writes that go on."""

    atomic = False

    dependencies = [("tickets", "0038_silent_customers")]

    operations = [
        AddIndexConcurrently(
            "ticketevent",
            models.Index(fields=["at", "id"], name="event_counted", condition=models.Q(("kind__in", KINDS))),
        ),
    ]
