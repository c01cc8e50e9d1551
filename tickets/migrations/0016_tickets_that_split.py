from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0015_summaries_by_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ticketevent",
            name="event_kind_known",
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
        migrations.AlterField(
            model_name="ticketlink",
            name="kind",
            field=models.CharField(
                choices=[
                    ("related", "Related to"),
                    ("duplicate", "Duplicate of"),
                    ("follows", "Follow-up of"),
                    ("split", "Split off from"),
                ],
                default="related",
                max_length=10,
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
    ]
