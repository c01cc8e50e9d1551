from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0035_settings_of_the_desk"),
    ]

    operations = [
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
