import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0004_scope_to_work_on_tickets"),
    ]

    operations = [
        migrations.AlterField(
            model_name="apitoken",
            name="digest",
            field=models.CharField(editable=False, max_length=64, unique=True, verbose_name="checksum"),
        ),
        migrations.AlterField(
            model_name="apitoken",
            name="prefix",
            field=models.CharField(
                editable=False, help_text="To recognise a token by.", max_length=12, verbose_name="beginning"
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="erased"),
        ),
        migrations.AlterField(
            model_name="customer",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="users.customer",
                verbose_name="merged into",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="origin",
            field=models.CharField(
                choices=[("live", "Live"), ("import", "Import"), ("demo", "Demo"), ("drill", "Drill")],
                default="live",
                editable=False,
                max_length=10,
                verbose_name="origin",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="actor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="merged by",
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="at",
            field=models.DateTimeField(verbose_name="merged"),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="gone",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.customer",
                verbose_name="merged away",
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="kept",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.customer",
                verbose_name="kept",
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="moved",
            field=models.JSONField(
                help_text="Table to list of row ids that changed hands.", verbose_name="moved along"
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="undone_at",
            field=models.DateTimeField(null=True, verbose_name="undone"),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="undone_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="undone by",
            ),
        ),
        migrations.AlterField(
            model_name="team",
            name="slug",
            field=models.SlugField(unique=True, verbose_name="short name"),
        ),
        migrations.AlterField(
            model_name="user",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"),
        ),
    ]
