from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0024_first_canned_replies_in_chinese"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="auditfinding",
            options={
                "verbose_name": "finding of the auditor",
                "verbose_name_plural": "findings of the auditor",
            },
        ),
        migrations.AlterField(
            model_name="page",
            name="places",
            field=models.ManyToManyField(
                related_name="pages",
                through="tickets.PagePlace",
                to="tickets.crisisplace",
                verbose_name="places in the crisis queue",
            ),
        ),
    ]
