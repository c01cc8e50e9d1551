"""The one row of what administrators choose for the desk."""

from django.db import migrations


def write(apps, schema_editor):
    apps.get_model("tickets", "DeskSettings").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0034_replies_that_wait")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
