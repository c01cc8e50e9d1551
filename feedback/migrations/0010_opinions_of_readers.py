import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0009_threads_parted_and_joined"),
    ]

    operations = [
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("given_date", models.DateField(verbose_name="day")),
                ("helped_count", models.PositiveIntegerField(default=0, verbose_name="it helped")),
                ("not_helped_count", models.PositiveIntegerField(default=0, verbose_name="it did not help")),
                (
                    "text",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="feedback.articletext",
                    ),
                ),
            ],
            options={
                "verbose_name": "opinion of readers",
                "verbose_name_plural": "opinions of readers",
                "constraints": [
                    models.UniqueConstraint(fields=("text", "given_date"), name="opinion_once_per_day")
                ],
            },
        ),
    ]
