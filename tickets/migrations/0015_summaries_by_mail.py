import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0014_telling_of_fixes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("month", "Month"), ("week", "Week")], max_length=6, verbose_name="kind"
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("changed_at", models.DateTimeField(verbose_name="changed")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "subscription",
                "verbose_name_plural": "subscriptions",
            },
        ),
        migrations.CreateModel(
            name="SummaryMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting to be sent"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Failed"),
                            ("bounced", "Bounced"),
                            ("held", "Held back"),
                        ],
                        default="pending",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("sending_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("last_error", models.CharField(blank=True, max_length=300, verbose_name="last error")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mails",
                        to="tickets.subscription",
                    ),
                ),
                (
                    "summary",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.summary"
                    ),
                ),
            ],
            options={
                "verbose_name": "mailed summary",
                "verbose_name_plural": "mailed summaries",
            },
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(fields=("user", "kind"), name="subscription_once_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["month", "week"])), name="subscription_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="summarymail",
            constraint=models.UniqueConstraint(
                fields=("summary", "subscription"), name="summary_mailed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="summarymail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["pending", "sending", "sent", "failed", "bounced", "held"])
                ),
                name="summary_mail_state_known",
            ),
        ),
    ]
