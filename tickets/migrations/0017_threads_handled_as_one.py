"""Let customers of tickets that were merged already see with which thread theirs is handled."""

from django.db import migrations
from django.db.models import OuterRef, Subquery


def note(apps, schema_editor):
    Ticket = apps.get_model("tickets", "Ticket")
    Feedback = apps.get_model("feedback", "Feedback")
    merged = Ticket.objects.filter(merged_into__isnull=False)
    kept = merged.filter(feedback=OuterRef("pk")).values("merged_into__feedback")
    Feedback.objects.filter(pk__in=merged.values("feedback")).update(handled_with=Subquery(kept))


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0016_tickets_that_split"),
        ("feedback", "0009_threads_parted_and_joined"),
    ]

    operations = [migrations.RunPython(note, migrations.RunPython.noop)]
