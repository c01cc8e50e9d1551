import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0008_knowledge"),
    ]

    operations = [
        migrations.AddField(
            model_name="feedback",
            name="handled_with",
            field=models.ForeignKey(
                help_text="The thread of the same person with which this one is worked on as one.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="feedback.feedback",
            ),
        ),
        migrations.AddField(
            model_name="feedback",
            name="part_of",
            field=models.ForeignKey(
                help_text="The thread out of which the first messages of this one were taken.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="parts",
                to="feedback.feedback",
            ),
        ),
    ]
