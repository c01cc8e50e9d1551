from django.db import migrations, models


class Migration(migrations.Migration):
    """Says what the column means now that an agent, too, can open a ticket again. Touches no row."""

    dependencies = [("tickets", "0029_links_not_to_themselves")]

    operations = [
        migrations.AlterField(
            model_name="ticket",
            name="clock_started_at",
            field=models.DateTimeField(
                help_text="When it became ours again and the deadlines began anew; None: they run from the opening.",
                null=True,
            ),
        ),
    ]
