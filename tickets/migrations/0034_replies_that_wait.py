import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0033_webhooks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="language",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="In which an answer that was taken back was written; empty: as the customer reads.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="draft",
            name="then",
            field=models.CharField(
                blank=True,
                choices=[
                    ("new", "New"),
                    ("open", "Open"),
                    ("waiting_customer", "Waiting on customer"),
                    ("waiting_us", "Waiting on us"),
                    ("on_hold", "On hold"),
                    ("solved", "Solved"),
                    ("closed", "Closed"),
                ],
                db_default="",
                default="",
                help_text="What the ticket is to become once it is sent: a macro's wish, or that of an answer taken back.",
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="DeskSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "undo_seconds",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="A public reply waits this long before it leaves, so that its author can undo it; 0: it leaves at once. Urgent tickets are answered at once in any case.",
                        validators=[django.core.validators.MaxValueValidator(60)],
                        verbose_name="seconds in which an answer can be taken back",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings of the desk",
                "verbose_name_plural": "settings of the desk",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="desk_settings_one_row"),
                    models.CheckConstraint(
                        condition=models.Q(("undo_seconds__lte", 60)), name="desk_settings_undo_seconds"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WaitingReply",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField(blank=True)),
                ("language", models.CharField(max_length=10)),
                (
                    "then",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "New"),
                            ("open", "Open"),
                            ("waiting_customer", "Waiting on customer"),
                            ("waiting_us", "Waiting on us"),
                            ("on_hold", "On hold"),
                            ("solved", "Solved"),
                            ("closed", "Closed"),
                        ],
                        help_text="Empty: the status stays as it is.",
                        max_length=20,
                    ),
                ),
                (
                    "pressed_at",
                    models.DateTimeField(
                        help_text="When it was sent, as its author sees it: clocks stop then."
                    ),
                ),
                ("due_at", models.DateTimeField()),
                (
                    "seen_event",
                    models.BigIntegerField(
                        help_text="The newest event of the ticket then: what others did after it, the author has not seen."
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "About to leave"),
                            ("sent", "Sent"),
                            ("undone", "Taken back"),
                            ("held", "Held back"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "held_because",
                    models.CharField(
                        blank=True, help_text="The code of the refusal when it was to leave.", max_length=40
                    ),
                ),
                (
                    "seen_at",
                    models.DateTimeField(help_text="When its author saw that it was held back.", null=True),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting_replies",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "verbose_name": "waiting reply",
                "verbose_name_plural": "waiting replies",
            },
        ),
        migrations.AddField(
            model_name="draftfile",
            name="waiting",
            field=models.ForeignKey(
                help_text="The answer with which it is about to leave; None: it is still the draft's.",
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="files",
                to="tickets.waitingreply",
            ),
        ),
        migrations.AddIndex(
            model_name="waitingreply",
            index=models.Index(
                condition=models.Q(
                    ("state", "waiting"), models.Q(("seen_at", None), ("state", "held")), _connector="OR"
                ),
                fields=["author"],
                name="waiting_reply_shown",
            ),
        ),
        migrations.AddIndex(
            model_name="waitingreply",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["ticket"], name="waiting_reply_leaving"
            ),
        ),
        migrations.AddIndex(
            model_name="waitingreply",
            index=models.Index(
                condition=models.Q(("settled_at__isnull", False)),
                fields=["settled_at"],
                name="waiting_reply_settled",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingreply",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "sent", "undone", "held"])),
                name="waiting_reply_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingreply",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("state", "waiting")),
                    models.Q(
                        ("settled_at__isnull", False),
                        models.Q(
                            ("text", ""), models.Q(("seen_at", None), ("state", "held")), _connector="OR"
                        ),
                        models.Q(("state", "waiting"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="waiting_reply_keeps_no_text",
            ),
        ),
    ]
