import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0003_page_lane"),
    ]

    operations = [
        migrations.AlterField(
            model_name="jobrun",
            name="job",
            field=models.CharField(max_length=60, verbose_name="job"),
        ),
        migrations.AlterField(
            model_name="jobrun",
            name="slot",
            field=models.DateTimeField(verbose_name="slot"),
        ),
        migrations.AlterField(
            model_name="jobrun",
            name="started_at",
            field=models.DateTimeField(auto_now_add=True, verbose_name="started"),
        ),
        migrations.AlterField(
            model_name="jobrun",
            name="token",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="run"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="tries"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="bell_failed",
            field=models.BooleanField(
                default=False, help_text="Celery could not be told of this row.", verbose_name="bell failed"
            ),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="created_at",
            field=models.DateTimeField(verbose_name="created"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="dead_at",
            field=models.DateTimeField(null=True, verbose_name="given up"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="done_at",
            field=models.DateTimeField(null=True, verbose_name="done"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="done_by",
            field=models.CharField(blank=True, max_length=20, verbose_name="done by"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="due_at",
            field=models.DateTimeField(
                help_text="Not run before; moved forward after each failure.", verbose_name="due"
            ),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="kind",
            field=models.CharField(max_length=60, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="lane",
            field=models.CharField(
                choices=[
                    ("crisis", "Crisis"),
                    ("default", "Default"),
                    ("text", "Text"),
                    ("bulk", "Bulk"),
                    ("page", "Page"),
                ],
                max_length=10,
                verbose_name="lane",
            ),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="last_error",
            field=models.CharField(blank=True, max_length=300, verbose_name="last error"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="lease_token",
            field=models.UUIDField(null=True, verbose_name="lease"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="lease_until",
            field=models.DateTimeField(null=True, verbose_name="held until"),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Urgent"), (5, "Normal"), (9, "Bulk")], default=5, verbose_name="priority"
            ),
        ),
        migrations.AlterField(
            model_name="outboxrow",
            name="subject_id",
            field=models.BigIntegerField(verbose_name="key of its subject"),
        ),
    ]
