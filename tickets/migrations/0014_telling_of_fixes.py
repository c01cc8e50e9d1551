import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("feedback", "0006_message_search"),
        ("tickets", "0013_joined_tickets"),
        ("users", "0003_people_by_name_and_address"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Fix",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("version", models.CharField(max_length=40, verbose_name="fixed in version")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Not sent yet"),
                            ("telling", "Being sent"),
                            ("paused", "Paused"),
                            ("done", "Sent"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("prepared_at", models.DateTimeField(verbose_name="prepared")),
                (
                    "started_at",
                    models.DateTimeField(
                        help_text="Who reported it later is not told.", null=True, verbose_name="started"
                    ),
                ),
                (
                    "is_planned",
                    models.BooleanField(default=False, help_text="Its reporters are written down."),
                ),
                (
                    "prepared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        help_text="Whose message it is.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "theme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="feedback.theme"
                    ),
                ),
            ],
            options={
                "verbose_name": "fix",
                "verbose_name_plural": "fixes",
            },
        ),
        migrations.CreateModel(
            name="FixWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("text", models.TextField(verbose_name="text")),
                (
                    "fix",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="wordings", to="tickets.fix"
                    ),
                ),
            ],
            options={
                "verbose_name": "wording of a fix",
                "verbose_name_plural": "wordings of fixes",
            },
        ),
        migrations.CreateModel(
            name="Reporter",
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
                        choices=[("waiting", "Waiting"), ("told", "Told"), ("held", "Held back")],
                        default="waiting",
                        max_length=7,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("opted_out", "Wants no news about what they reported"),
                            ("unreachable", "No channel reaches them"),
                            ("told_before", "Was told of this fix before"),
                            ("sensitive", "Sensitive or urgent: a person must answer"),
                            ("seen_since", "Reported it in this version or a later one"),
                            ("erased", "Was erased"),
                            ("cancelled", "Cancelled before their turn"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "language",
                    models.CharField(help_text="The one they read.", max_length=10, verbose_name="language"),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("rest", "App and website"),
                            ("email", "E-mail"),
                            ("chat", "Chat"),
                            ("forum", "Forum"),
                            ("community", "Community board"),
                            ("survey", "Survey"),
                            ("reviews", "Store reviews"),
                            ("table", "Table import"),
                        ],
                        max_length=20,
                        verbose_name="channel",
                    ),
                ),
                (
                    "not_before",
                    models.DateTimeField(
                        help_text="The end of their quiet hours.", null=True, verbose_name="not before"
                    ),
                ),
                ("told_at", models.DateTimeField(null=True, verbose_name="told")),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[("yes", "Works now"), ("no", "Still broken")],
                        max_length=3,
                        verbose_name="answer",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="users.customer"
                    ),
                ),
                (
                    "feedback",
                    models.ForeignKey(
                        help_text="The thread they are told in.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.feedback",
                    ),
                ),
                (
                    "fix",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reporters",
                        to="tickets.fix",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="feedback.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "reporter",
                "verbose_name_plural": "reporters",
            },
        ),
        migrations.CreateModel(
            name="TellingRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "fix",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rounds", to="tickets.fix"
                    ),
                ),
            ],
            options={
                "verbose_name": "round of telling",
                "verbose_name_plural": "rounds of telling",
            },
        ),
        migrations.AddConstraint(
            model_name="fix",
            constraint=models.UniqueConstraint(fields=("theme", "version"), name="fix_once_per_version"),
        ),
        migrations.AddConstraint(
            model_name="fix",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "telling", "paused", "done", "cancelled"])),
                name="fix_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="fixwording",
            constraint=models.UniqueConstraint(fields=("fix", "language"), name="fix_wording_per_language"),
        ),
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(
                models.F("fix"),
                models.OrderBy(models.F("not_before"), nulls_first=True),
                models.F("id"),
                condition=models.Q(("state", "waiting")),
                name="reporter_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="reporter",
            index=models.Index(fields=["fix", "id"], name="reporter_of_fix"),
        ),
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.UniqueConstraint(fields=("fix", "customer"), name="reporter_once_per_fix"),
        ),
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("message__isnull", False), ("state", "told"), ("told_at__isnull", False)),
                    models.Q(
                        models.Q(("state", "told"), _negated=True), ("message", None), ("told_at", None)
                    ),
                    _connector="OR",
                ),
                name="reporter_told_has_message",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "held"), models.Q(("reason", ""), _negated=True)),
                    models.Q(models.Q(("state", "held"), _negated=True), ("reason", "")),
                    _connector="OR",
                ),
                name="reporter_held_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="reporter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "told", "held"])), name="reporter_state_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="tellinground",
            constraint=models.UniqueConstraint(fields=("fix", "number"), name="telling_round_once"),
        ),
    ]
