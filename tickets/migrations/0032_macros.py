import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0031_mentions_and_followers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Macro",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True, verbose_name="name")),
                ("name_zh", models.CharField(blank=True, max_length=100, verbose_name="Chinese name")),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=50,
                        help_text="The first nine have a key: m and then the number.",
                        verbose_name="position",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(0, "Urgent"), (1, "High"), (2, "Normal"), (3, "Low")],
                        null=True,
                        verbose_name="priority",
                    ),
                ),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50),
                        blank=True,
                        default=list,
                        help_text="Added; several with commas between them.",
                        size=None,
                        verbose_name="tags",
                    ),
                ),
                (
                    "give_to",
                    models.CharField(
                        blank=True,
                        choices=[("me", "whoever applies it"), ("nobody", "nobody")],
                        max_length=6,
                        verbose_name="give to",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open", "Open"),
                            ("waiting_customer", "Waiting on customer"),
                            ("on_hold", "On hold"),
                            ("solved", "Solved"),
                        ],
                        help_text="With a canned reply: what the ticket becomes once the answer is sent.",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "aside_for",
                    models.DurationField(
                        blank=True, help_text="Such as 3 h or 2 d.", null=True, verbose_name="put aside for"
                    ),
                ),
            ],
            options={
                "verbose_name": "macro",
                "verbose_name_plural": "macros",
            },
        ),
        migrations.RemoveConstraint(
            model_name="ticketevent",
            name="event_kind_known",
        ),
        migrations.AddField(
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
                help_text="What a macro wants the ticket to become once it is sent.",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "Opened"),
                    ("moved", "Status changed"),
                    ("message_in", "Customer wrote"),
                    ("replied", "Public reply"),
                    ("noted", "Internal note"),
                    ("assigned", "Assigned"),
                    ("queued", "Queue changed"),
                    ("prioritised", "Priority changed"),
                    ("overdue", "Deadline passed"),
                    ("tagged", "Tagged"),
                    ("macro", "Macro applied"),
                    ("crisis_entered", "Entered the crisis queue"),
                    ("crisis_acknowledged", "Acknowledged"),
                    ("crisis_escalated", "Escalated"),
                    ("crisis_false_alarm", "False alarm"),
                    ("crisis_again", "Urgent again"),
                    ("crisis_left", "Left the crisis queue"),
                    ("linked", "Linked"),
                    ("unlinked", "Link removed"),
                    ("merged", "Merged"),
                    ("unmerged", "Merge undone"),
                    ("split", "Split"),
                    ("corrected", "Analysis corrected"),
                    ("delivery_failed", "The answer did not arrive"),
                    ("sent_again", "The answer is sent again"),
                ],
                max_length=20,
                verbose_name="event",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticketevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "opened",
                            "moved",
                            "message_in",
                            "replied",
                            "noted",
                            "assigned",
                            "queued",
                            "prioritised",
                            "overdue",
                            "tagged",
                            "macro",
                            "crisis_entered",
                            "crisis_acknowledged",
                            "crisis_escalated",
                            "crisis_false_alarm",
                            "crisis_again",
                            "crisis_left",
                            "linked",
                            "unlinked",
                            "merged",
                            "unmerged",
                            "split",
                            "corrected",
                            "delivery_failed",
                            "sent_again",
                        ],
                    )
                ),
                name="event_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="macro",
            name="assignee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="or give to",
            ),
        ),
        migrations.AddField(
            model_name="macro",
            name="canned_reply",
            field=models.ForeignKey(
                blank=True,
                help_text="Becomes the draft of the answer: an agent reads it and sends it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.cannedreply",
                verbose_name="canned reply",
            ),
        ),
        migrations.AddField(
            model_name="macro",
            name="queue",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tickets.queue",
                verbose_name="queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="macro",
            constraint=models.CheckConstraint(
                condition=models.Q(("give_to", ""), ("assignee", None), _connector="OR"),
                name="macro_gives_to_one",
                violation_error_message="Give it to somebody named, or choose who; not both.",
            ),
        ),
        migrations.AddConstraint(
            model_name="macro",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("aside_for", None), models.Q(("canned_reply", None), ("status", "")), _connector="OR"
                ),
                name="macro_ends_one_way",
                violation_error_message="What is put aside gets no status and no answer by the same macro.",
            ),
        ),
    ]
