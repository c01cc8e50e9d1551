from django.db import migrations, models


def rename_what_is_owed(apps, schema_editor):
    """Whoever wrote by mail before the upgrade, and was not told yet, is told by the handler that has a new name."""
    apps.get_model("kit", "OutboxRow").objects.filter(kind="mail.accepted", done_at=None).update(
        kind="message.accepted"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0006_lane_of_webhooks"),
        ("tickets", "0035_settings_of_the_desk"),
    ]

    operations = [
        migrations.RunPython(rename_what_is_owed, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="acknowledgement",
            name="acknowledged_once_a_day",
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="number",
            field=models.PositiveSmallIntegerField(
                db_default=1,
                default=1,
                help_text="How many that makes today; mail is answered by the first alone.",
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.UniqueConstraint(
                fields=("recipient", "day", "number"), name="acknowledged_seldom"
            ),
        ),
    ]
