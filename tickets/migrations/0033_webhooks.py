import uuid

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0014_names_of_corrections"),
        ("tickets", "0032_macros"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Hook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"
                    ),
                ),
                (
                    "url",
                    models.CharField(
                        max_length=500,
                        validators=[django.core.validators.URLValidator(schemes=["https", "http"])],
                        verbose_name="address",
                    ),
                ),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("ticket.opened", "Ticket opened"),
                                ("ticket.status_changed", "Status changed"),
                                ("ticket.priority_changed", "Priority changed"),
                                ("ticket.assigned", "Assigned"),
                                ("ticket.queue_changed", "Queue changed"),
                                ("ticket.merged", "Merged"),
                                ("ticket.unmerged", "Merge undone"),
                                ("ticket.urgent", "Ticket is urgent"),
                                ("ticket.acknowledged", "Urgent ticket acknowledged"),
                                ("ticket.overdue", "Deadline passed"),
                                ("feedback.state_changed", "What the customer is told of the state changed"),
                                ("feedback.rated", "Our handling was rated"),
                                ("message.received", "Customer wrote"),
                                ("reply.sent", "Public reply"),
                                ("reply.failed", "The answer did not arrive"),
                                ("summary.published", "Summary published"),
                                ("webhook.test", "Test"),
                            ],
                            max_length=30,
                        ),
                        size=None,
                        verbose_name="tells of",
                    ),
                ),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                ("is_enabled", models.BooleanField(default=True, verbose_name="switched on")),
                (
                    "with_text",
                    models.BooleanField(
                        default=False,
                        help_text="Texts of messages and comments go along, where the login may read them.",
                        verbose_name="with what was said",
                    ),
                ),
                (
                    "with_imports",
                    models.BooleanField(
                        default=False,
                        help_text="Also what happens to imported feedback.",
                        verbose_name="imports, too",
                    ),
                ),
                (
                    "secret_id",
                    models.UUIDField(
                        default=uuid.uuid4,
                        editable=False,
                        help_text="What the signing secret is derived from.",
                        verbose_name="secret",
                    ),
                ),
                ("old_secret_id", models.UUIDField(editable=False, null=True, verbose_name="secret before")),
                (
                    "old_secret_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="secret before, until"),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created")),
                (
                    "failures",
                    models.PositiveIntegerField(
                        default=0,
                        editable=False,
                        help_text="Tries that failed since one succeeded.",
                        verbose_name="failures in a row",
                    ),
                ),
                (
                    "failing_since",
                    models.DateTimeField(editable=False, null=True, verbose_name="failing since"),
                ),
                (
                    "resting_until",
                    models.DateTimeField(
                        editable=False,
                        help_text="Nothing is sent before: the other side did not answer, or asked for a rest.",
                        null=True,
                        verbose_name="resting until",
                    ),
                ),
                (
                    "off_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("failing", "failed for days"),
                            ("gone", "the other side said that it is gone"),
                        ],
                        editable=False,
                        max_length=10,
                        verbose_name="switched off because",
                    ),
                ),
                (
                    "off_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="switched off by itself"),
                ),
                (
                    "off_told_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="That it was switched off.",
                        null=True,
                        verbose_name="owner told",
                    ),
                ),
                ("removed_at", models.DateTimeField(editable=False, null=True, verbose_name="removed")),
                (
                    "owner",
                    models.ForeignKey(
                        help_text="Only what this login may see is told.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="login",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
            },
        ),
        migrations.CreateModel(
            name="HookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "public_id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, unique=True, verbose_name="public id"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("ticket.opened", "Ticket opened"),
                            ("ticket.status_changed", "Status changed"),
                            ("ticket.priority_changed", "Priority changed"),
                            ("ticket.assigned", "Assigned"),
                            ("ticket.queue_changed", "Queue changed"),
                            ("ticket.merged", "Merged"),
                            ("ticket.unmerged", "Merge undone"),
                            ("ticket.urgent", "Ticket is urgent"),
                            ("ticket.acknowledged", "Urgent ticket acknowledged"),
                            ("ticket.overdue", "Deadline passed"),
                            ("feedback.state_changed", "What the customer is told of the state changed"),
                            ("feedback.rated", "Our handling was rated"),
                            ("message.received", "Customer wrote"),
                            ("reply.sent", "Public reply"),
                            ("reply.failed", "The answer did not arrive"),
                            ("summary.published", "Summary published"),
                            ("webhook.test", "Test"),
                        ],
                        max_length=30,
                        verbose_name="event",
                    ),
                ),
                ("happened_at", models.DateTimeField(verbose_name="happened")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting to be sent"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                            ("skipped", "Not sent"),
                        ],
                        default="waiting",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                (
                    "failures",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Since it was owed, or sent again by hand.",
                        verbose_name="failures",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended")),
                (
                    "event",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticketevent",
                        verbose_name="event of the ticket",
                    ),
                ),
                (
                    "hook",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="tickets.hook",
                        verbose_name="webhook",
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.rating",
                        verbose_name="rating",
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.summary",
                        verbose_name="summary",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook delivery",
                "verbose_name_plural": "webhook deliveries",
            },
        ),
        migrations.CreateModel(
            name="HookTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("succeeded", "Succeeded"),
                            ("failed", "Failed"),
                            ("skipped", "Not sent"),
                        ],
                        default="pending",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("sending_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("was_resent", models.BooleanField(default=False, verbose_name="sent again after a crash")),
                (
                    "status",
                    models.PositiveSmallIntegerField(
                        help_text="None: no answer came.", null=True, verbose_name="HTTP status"
                    ),
                ),
                (
                    "response",
                    models.TextField(
                        blank=True, help_text="The first kilobyte.", verbose_name="text of the answer"
                    ),
                ),
                ("duration_ms", models.PositiveIntegerField(null=True, verbose_name="milliseconds")),
                ("error", models.CharField(blank=True, max_length=200, verbose_name="error")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tries",
                        to="tickets.hookdelivery",
                    ),
                ),
            ],
            options={
                "verbose_name": "try of a webhook delivery",
                "verbose_name_plural": "tries of webhook deliveries",
            },
        ),
        migrations.AddConstraint(
            model_name="hook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("off_reason", ""), ("off_reason__in", ["failing", "gone"]), _connector="OR"
                ),
                name="hook_off_reason_known",
            ),
        ),
        migrations.AddIndex(
            model_name="hookdelivery",
            index=models.Index(fields=["hook", "-id"], name="hook_delivery_newest"),
        ),
        migrations.AddIndex(
            model_name="hookdelivery",
            index=models.Index(
                condition=models.Q(("state__in", ("failed", "skipped"))),
                fields=["hook", "happened_at"],
                name="hook_delivery_lost",
            ),
        ),
        migrations.AddIndex(
            model_name="hookdelivery",
            index=models.Index(fields=["happened_at"], name="hook_delivery_by_age"),
        ),
        migrations.AddConstraint(
            model_name="hookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "delivered", "failed", "skipped"])),
                name="hook_delivery_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="hookdelivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event__isnull", False)),
                fields=("event", "hook", "type"),
                name="hook_delivery_once_per_event",
            ),
        ),
        migrations.AddConstraint(
            model_name="hookdelivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("rating__isnull", False)),
                fields=("rating", "hook"),
                name="hook_delivery_once_per_rating",
            ),
        ),
        migrations.AddConstraint(
            model_name="hookdelivery",
            constraint=models.UniqueConstraint(
                condition=models.Q(("summary__isnull", False)),
                fields=("summary", "hook"),
                name="hook_delivery_once_per_summary",
            ),
        ),
        migrations.AddConstraint(
            model_name="hooktry",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["pending", "sending", "succeeded", "failed", "skipped"])),
                name="hook_try_state_known",
            ),
        ),
    ]
