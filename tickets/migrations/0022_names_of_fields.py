import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0013_names_of_fields"),
        ("tickets", "0021_files_of_drafts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditfinding",
            name="key",
            field=models.CharField(
                blank=True,
                help_text="Which of several: a place, a process, a kind of work.",
                max_length=100,
                verbose_name="about",
            ),
        ),
        migrations.AlterField(
            model_name="auditfinding",
            name="page",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="findings",
                to="tickets.page",
                verbose_name="page",
            ),
        ),
        migrations.AlterField(
            model_name="cannedreply",
            name="slug",
            field=models.SlugField(unique=True, verbose_name="short name"),
        ),
        migrations.AlterField(
            model_name="crisisplace",
            name="acknowledged_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="acknowledged by",
            ),
        ),
        migrations.AlterField(
            model_name="crisisplace",
            name="lane",
            field=models.CharField(
                choices=[("red", "Red"), ("amber", "Amber"), ("none", "Ordinary")],
                max_length=5,
                verbose_name="lane",
            ),
        ),
        migrations.AlterField(
            model_name="crisisplace",
            name="may_page",
            field=models.BooleanField(
                default=True, help_text="False for imports and the demo.", verbose_name="may page people"
            ),
        ),
        migrations.AlterField(
            model_name="crisisplace",
            name="next_step_at",
            field=models.DateTimeField(
                help_text="Set while nobody took it, and while whoever took it has not reacted to a new urgent message.",
                null=True,
                verbose_name="next step",
            ),
        ),
        migrations.AlterField(
            model_name="crisisplace",
            name="policy",
            field=models.JSONField(
                help_text="The escalation policy as it was at entry.", verbose_name="escalation policy"
            ),
        ),
        migrations.AlterField(
            model_name="crisisplace",
            name="step",
            field=models.PositiveSmallIntegerField(
                default=0, help_text="How many steps were taken.", verbose_name="step"
            ),
        ),
        migrations.AlterField(
            model_name="crisisplace",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="crisis_places",
                to="tickets.ticket",
                verbose_name="ticket",
            ),
        ),
        migrations.AlterField(
            model_name="fix",
            name="is_planned",
            field=models.BooleanField(
                default=False, help_text="Its reporters are written down.", verbose_name="recipients listed"
            ),
        ),
        migrations.AlterField(
            model_name="fix",
            name="prepared_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="prepared by",
            ),
        ),
        migrations.AlterField(
            model_name="fix",
            name="problem",
            field=models.ForeignKey(
                help_text="Then those who said “me too” are told.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.knownproblem",
                verbose_name="known problem",
            ),
        ),
        migrations.AlterField(
            model_name="fix",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"),
        ),
        migrations.AlterField(
            model_name="fix",
            name="started_by",
            field=models.ForeignKey(
                help_text="Whose message it is.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="started by",
            ),
        ),
        migrations.AlterField(
            model_name="fix",
            name="theme",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="feedback.theme",
                verbose_name="theme",
            ),
        ),
        migrations.AlterField(
            model_name="notificationroad",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"),
        ),
        migrations.AlterField(
            model_name="page",
            name="closed_at",
            field=models.DateTimeField(
                help_text="From then on messages of this kind open a new page.",
                null=True,
                verbose_name="closed",
            ),
        ),
        migrations.AlterField(
            model_name="page",
            name="origin",
            field=models.CharField(
                choices=[("live", "Live"), ("import", "Import"), ("demo", "Demo"), ("drill", "Drill")],
                default="live",
                max_length=10,
                verbose_name="origin",
            ),
        ),
        migrations.AlterField(
            model_name="queue",
            name="slug",
            field=models.SlugField(unique=True, verbose_name="short name"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="public_id",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"),
        ),
        migrations.AlterField(
            model_name="subscription",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
    ]
