from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0005_names_of_background_work"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="outboxrow",
            name="outbox_lane_known",
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
                    ("hook", "Webhooks"),
                ],
                max_length=10,
                verbose_name="lane",
            ),
        ),
        migrations.AddConstraint(
            model_name="outboxrow",
            constraint=models.CheckConstraint(
                condition=models.Q(("lane__in", ["crisis", "default", "text", "bulk", "page", "hook"])),
                name="outbox_lane_known",
            ),
        ),
    ]
