from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0004_names_of_fields"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="jobrun",
            options={
                "verbose_name": "run of a scheduled job",
                "verbose_name_plural": "runs of scheduled jobs",
            },
        ),
        migrations.AlterModelOptions(
            name="outboxrow",
            options={"verbose_name": "background task", "verbose_name_plural": "background tasks"},
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="bell_failed",
            field=models.BooleanField(
                default=False, help_text="Celery could not be told of this task.", verbose_name="bell failed"
            ),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="lane",
            field=models.CharField(
                choices=[
                    ("crisis", "Crisis"),
                    ("default", "Everyday"),
                    ("text", "Text analysis"),
                    ("bulk", "Bulk"),
                    ("page", "Paging"),
                ],
                max_length=10,
                verbose_name="lane",
            ),
        ),
    ]
