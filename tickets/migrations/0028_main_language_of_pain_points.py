from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0027_clocks_that_start_anew"),
    ]

    operations = [
        migrations.AddField(
            model_name="painpoint",
            name="main_language",
            field=models.CharField(blank=True, default="", max_length=10),
        ),
    ]
