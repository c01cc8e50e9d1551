import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

#: What made each index, of the rows that a submission writes; the name is the one that Django gave it.
INDEXES_OF_FOREIGN_KEYS = {
    "feedback_feedback_address_id_5dd71cee": "feedback_feedback (address_id)",
    "feedback_feedback_channel_id_9b1f8d5f": "feedback_feedback (channel_id)",
    "feedback_feedback_customer_id_1e58253a": "feedback_feedback (customer_id)",
    "feedback_feedback_follows_id_5616cf02": "feedback_feedback (follows_id)",
    "feedback_feedback_handled_with_id_388c65f8": "feedback_feedback (handled_with_id)",
    "feedback_feedback_part_of_id_cfe13aee": "feedback_feedback (part_of_id)",
    "feedback_message_author_id_cb55c986": "feedback_message (author_id)",
    "feedback_message_channel_id_6c7b1936": "feedback_message (channel_id)",
    "feedback_message_feedback_id_ffc14258": "feedback_message (feedback_id)",
    "feedback_rawmessage_channel_id_1b949031": "feedback_rawmessage (channel_id)",
}


def index_where_set(model: str, field: str, name: str) -> AddIndexConcurrently:
    condition = models.Q((f"{field}__isnull", False))
    return AddIndexConcurrently(model, models.Index(condition=condition, fields=[field], name=name))


def without_index(model: str, field: str, to: str, **options: object) -> migrations.AlterField:
    options = {"on_delete": django.db.models.deletion.SET_NULL, "related_name": "+", **options}
    return migrations.AlterField(model, field, models.ForeignKey(to=to, db_index=False, **options))


class Migration(migrations.Migration):
    """Beside the writes that go on. Altering the fields would check every foreign key anew under a lock."""

    atomic = False

    dependencies = [
        ("feedback", "0011_glosses_of_themes"),
        ("users", "0003_people_by_name_and_address"),
    ]

    operations = [
        index_where_set("feedback", "address", "feedback_of_address"),
        index_where_set("feedback", "follows", "feedback_that_follow"),
        index_where_set("feedback", "part_of", "feedback_parts"),
        index_where_set("feedback", "handled_with", "feedback_handled_with"),
        index_where_set("message", "author", "message_of_author"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {columns}",
                )
                for name, columns in INDEXES_OF_FOREIGN_KEYS.items()
            ],
            state_operations=[
                without_index(
                    "feedback",
                    "address",
                    "users.address",
                    null=True,
                    verbose_name="answer to",
                    help_text="Where answers go besides the API; none for an anonymous sender.",
                ),
                without_index(
                    "feedback",
                    "channel",
                    "feedback.channel",
                    on_delete=django.db.models.deletion.PROTECT,
                    verbose_name="channel",
                ),
                without_index(
                    "feedback",
                    "customer",
                    "users.customer",
                    on_delete=django.db.models.deletion.PROTECT,
                    verbose_name="customer",
                ),
                without_index(
                    "feedback",
                    "follows",
                    "feedback.feedback",
                    null=True,
                    help_text="The thread this one mentions without having proved to belong to it.",
                ),
                without_index(
                    "feedback",
                    "handled_with",
                    "feedback.feedback",
                    null=True,
                    help_text="The thread of the same person with which this one is worked on as one.",
                ),
                without_index(
                    "feedback",
                    "part_of",
                    "feedback.feedback",
                    null=True,
                    related_name="parts",
                    help_text="The thread out of which the first messages of this one were taken.",
                ),
                without_index(
                    "message",
                    "author",
                    settings.AUTH_USER_MODEL,
                    null=True,
                    help_text="The agent who wrote an outgoing message; None for the customer and for automatic ones.",
                ),
                without_index(
                    "message",
                    "channel",
                    "feedback.channel",
                    on_delete=django.db.models.deletion.PROTECT,
                ),
                without_index(
                    "message",
                    "feedback",
                    "feedback.feedback",
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="messages",
                ),
                without_index(
                    "rawmessage",
                    "channel",
                    "feedback.channel",
                    on_delete=django.db.models.deletion.PROTECT,
                ),
            ],
        ),
    ]
