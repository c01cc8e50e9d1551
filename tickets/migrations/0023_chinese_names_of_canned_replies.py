"""Whoever works in Chinese finds the canned replies by a Chinese name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0022_names_of_fields")]

    operations = [
        migrations.AddField(
            model_name="cannedreply",
            name="name_zh",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="Chinese name"),
            preserve_default=False,
        ),
    ]
