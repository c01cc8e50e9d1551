"""What every installation needs before the first message: three queues, deadlines, whom to tell."""

from datetime import timedelta

from django.db import migrations

QUEUES = [
    ("crisis", "Crisis queue", "危机队列", True, 0),
    ("review", "Urgency review", "紧急复核", False, 10),
    ("support", "Support", "客服", False, 20),
]
SLA_POLICIES = [
    (0, timedelta(minutes=15), timedelta(hours=4)),
    (1, timedelta(hours=4), timedelta(days=1)),
    (2, timedelta(days=1), timedelta(days=3)),
    (3, timedelta(days=2), timedelta(days=7)),
]
STEPS = [
    {"after_minutes": 0, "notify": "on_call"},
    {"after_minutes": 5, "notify": "backup"},
    {"after_minutes": 10, "notify": "crisis_team"},
]
ESCALATION_POLICIES = [("", timedelta(minutes=15)), ("safety", timedelta(minutes=5))]


def add(apps, schema_editor):
    queue, sla = apps.get_model("tickets", "Queue"), apps.get_model("tickets", "SlaPolicy")
    for slug, name, name_zh, is_crisis, position in QUEUES:
        queue.objects.get_or_create(
            slug=slug,
            defaults={"name": name, "name_zh": name_zh, "is_crisis": is_crisis, "position": position},
        )
    for priority, first_reply_within, solve_within in SLA_POLICIES:
        sla.objects.get_or_create(
            priority=priority,
            defaults={"first_reply_within": first_reply_within, "solve_within": solve_within},
        )
    for category, acknowledge_within in ESCALATION_POLICIES:
        apps.get_model("tickets", "EscalationPolicy").objects.get_or_create(
            category=category,
            defaults={
                "acknowledge_within": acknowledge_within,
                "steps": STEPS,
                "repeat_every": timedelta(minutes=10),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_initial")]
    # Going back keeps the rows: tickets may stand in these queues.
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
