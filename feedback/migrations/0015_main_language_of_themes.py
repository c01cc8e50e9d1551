from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0014_names_of_corrections"),
    ]

    operations = [
        migrations.AlterField(
            model_name="theme",
            name="labels",
            field=models.JSONField(default=dict, help_text="What the messages call it: {language: phrases}."),
        ),
        migrations.AddField(
            model_name="theme",
            name="main_language",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of the labels the one that most messages speak.",
                max_length=10,
            ),
        ),
    ]
