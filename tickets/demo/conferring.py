"""Collaboration on tickets that still wait: notes that mention colleagues, and macros."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from config.kit.origins import Origin
from tickets.desk.models import Ticket
from tickets.mentions.services import write_note
from tickets.workbench.actions import Asked, act
from tickets.workbench.models import Macro
from users.accounts.models import User

#: Tickets changed more recently than this are left untouched for the visitor.
SETTLED = timedelta(hours=2)


@dataclass(frozen=True)
class Scene:
    """``by``, a login, writes a note on a ticket in ``language`` or applies a macro to it, ``before`` the end.

    ``queue`` is the slug of the ticket's queue, empty for any.
    """

    by: str
    language: str
    before: timedelta
    note: str = ""
    macro: str = ""
    queue: str = ""


_SCENES = (
    Scene("chen.mei", "zh", timedelta(minutes=95), note="@agent 这位用户昨天也来问过，你那边有技术的回复吗？"),
    Scene(
        "tom.reed", "en", timedelta(minutes=70),
        note="@agent Second one today. Do you know whether engineering has it? @zhao.lei saw the same in Chinese.",
    ),
    Scene("zhao.lei", "zh", timedelta(minutes=50), macro="Wait for the next release", queue="technical"),
    Scene("agent", "zh", timedelta(minutes=30), macro="Payout is late", queue="payments"),
)  # fmt: skip


@transaction.atomic
def confer(until: datetime) -> None:
    """Play the scenes, each on its own ticket; a scene without a matching ticket is skipped."""
    taken: set[int] = set()
    for scene in _SCENES:
        at = until - scene.before
        ticket = _waiting(scene, at).exclude(pk__in=taken).first()
        if ticket is None:
            continue
        taken.add(ticket.pk)
        actor = User.objects.get(username=scene.by)
        if scene.note:
            write_note(ticket, text=scene.note, actor=actor, at=at)
        else:
            macro = Macro.objects.get(name=scene.macro)
            act(ticket, Asked("macro", str(macro.pk)), actor=actor, at=at)


def _waiting(scene: Scene, at: datetime) -> QuerySet[Ticket]:
    waiting = Ticket.objects.unsolved().filter(
        origin=Origin.DEMO,
        queue__is_crisis=False,
        is_sensitive=False,
        merged_into=None,
        language__startswith=scene.language,
        updated_at__lte=at - SETTLED,
    )
    return (waiting.filter(queue__slug=scene.queue) if scene.queue else waiting).order_by("-pk")
