from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("tickets", "0028_main_language_of_pain_points")]

    operations = [
        migrations.AddConstraint(
            model_name="ticketlink",
            constraint=models.CheckConstraint(
                condition=~Q(source=F("target")), name="ticket_link_not_to_itself"
            ),
        ),
    ]
