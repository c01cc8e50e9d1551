from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0026_saved_views")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="clock_started_at",
            field=models.DateTimeField(
                help_text="When its customer wrote again and the deadlines began anew; None: they run from the opening.",
                null=True,
            ),
        ),
    ]
