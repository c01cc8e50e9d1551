import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0012_fewer_indexes_per_submission"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="updated_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="updated by",
            ),
        ),
        migrations.AlterField(
            model_name="bounce",
            name="raw",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.rawmessage",
                verbose_name="original message",
            ),
        ),
        migrations.AlterField(
            model_name="channel",
            name="slug",
            field=models.SlugField(unique=True, verbose_name="short name"),
        ),
        migrations.AlterField(
            model_name="correction",
            name="actor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="corrected by",
            ),
        ),
        migrations.AlterField(
            model_name="correction",
            name="message",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="feedback.message",
                verbose_name="message",
            ),
        ),
        migrations.AlterField(
            model_name="knownproblem",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"),
        ),
        migrations.AlterField(
            model_name="knownproblem",
            name="updated_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="updated by",
            ),
        ),
        migrations.AlterField(
            model_name="mailboxstate",
            name="last_uid",
            field=models.BigIntegerField(
                default=0, help_text="Everything up to this number is stored.", verbose_name="last UID"
            ),
        ),
        migrations.AlterField(
            model_name="mailboxstate",
            name="lease_until",
            field=models.DateTimeField(
                help_text="A process reads it now.", null=True, verbose_name="held until"
            ),
        ),
        migrations.AlterField(
            model_name="mailboxstate",
            name="troubled_uids",
            field=models.JSONField(
                default=dict,
                help_text="Mails the server could not hand over: number to how often it was tried.",
                verbose_name="UIDs with trouble",
            ),
        ),
        migrations.AlterField(
            model_name="mailboxstate",
            name="uid_validity",
            field=models.BigIntegerField(
                help_text="The server's name for the numbering; another one means: begin again.",
                null=True,
                verbose_name="UID validity",
            ),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="channel",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.channel",
                verbose_name="channel",
            ),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="content",
            field=models.BinaryField(verbose_name="content"),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="digest",
            field=models.CharField(
                help_text="SHA-256 of the content.", max_length=64, verbose_name="checksum"
            ),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="external_id",
            field=models.CharField(max_length=400, verbose_name="id at the sender"),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="handled_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When it became a message, or was set aside with a reason.",
                null=True,
                verbose_name="handled",
            ),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="media_type",
            field=models.CharField(max_length=100, verbose_name="media type"),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="origin",
            field=models.CharField(
                choices=[("live", "Live"), ("import", "Import"), ("demo", "Demo"), ("drill", "Drill")],
                default="live",
                max_length=10,
                verbose_name="origin",
            ),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="received_at",
            field=models.DateTimeField(verbose_name="received"),
        ),
        migrations.AlterField(
            model_name="rawmessage",
            name="set_aside",
            field=models.CharField(
                blank=True, help_text="Why no message came of it.", max_length=60, verbose_name="set aside"
            ),
        ),
    ]
