from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0019_glosses_of_pain_points")]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="snoozed_until",
            field=models.DateTimeField(
                help_text="When it comes back by itself; None: when somebody does.",
                null=True,
                verbose_name="on hold until",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)),
                fields=["snoozed_until"],
                name="ticket_snoozed",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("snoozed_until", None), ("status", "on_hold"), _connector="OR"),
                name="ticket_snoozed_on_hold",
            ),
        ),
    ]
