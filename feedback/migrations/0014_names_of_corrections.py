from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0013_names_of_fields"),
    ]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="field",
            field=models.CharField(
                choices=[("lane", "urgency lane"), ("topic", "topic"), ("category", "crisis category")],
                max_length=20,
                verbose_name="field",
            ),
        ),
    ]
