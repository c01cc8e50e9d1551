"""The people of the tests: Ana agent, Bo her team mate, Cyd of another team, Dee product lead, customers."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from config.kit.trees import insert_tree
from feedback.analysis.models import Assessment, UrgencyLane
from feedback.intake.incoming import Incoming
from feedback.intake.models import Channel, Topic
from feedback.intake.services import Receipt, default_channel, receive
from tickets.desk.models import DeskSettings, Ticket
from tickets.queues.models import AccessLevel, Queue, QueueAccess
from tickets.routing.services import admit
from users.accounts.models import Role, Team, User
from users.profiles.models import AddressKind, Customer
from users.profiles.services import Handle, current, known_address, newcomer

NOON = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def agent(name: str, *, team: str = "first-line", queue: str = "support", **fields: Any) -> User:
    """Return agent ``name`` of ``team``, which works ``queue``."""
    fields = {"role": Role.AGENT, **fields}
    user = User.objects.create_user(name, email=f"{name}@earshot.example", is_staff=True, **fields)
    its_team, _created = Team.objects.get_or_create(slug=team, defaults={"name": team})
    its_team.members.add(user)
    its_queue, _created = Queue.objects.get_or_create(slug=queue, defaults={"name": queue})
    QueueAccess.objects.get_or_create(team=its_team, queue=its_queue, defaults={"level": AccessLevel.WORK})
    return user


def lead(name: str = "dee") -> User:
    """Return a product lead."""
    return User.objects.create_user(name, role=Role.LEAD, is_staff=True)


def client_of(user: User) -> Client:
    """Return a browser in which ``user`` is logged in."""
    client = Client()
    client.force_login(user)
    return client


def answers_leave_at_once() -> None:
    """Let administrators have chosen that no answer waits to be taken back."""
    DeskSettings.objects.update(undo_seconds=0)


def rest_channel() -> Channel:
    """Return the channel that the REST interface submits to."""
    return default_channel("rest")


def customer(email: str, *, is_proven: bool = True) -> Customer:
    """Return the customer behind ``email``, made when nobody wrote from there."""
    handle = Handle(AddressKind.EMAIL, email, is_proven=is_proven)
    known = known_address(handle)
    if known is not None:
        return current(known.customer)
    rows = newcomer(handle, at=NOON)
    insert_tree(rows)
    return Customer.objects.get(pk=rows[0].instance.pk)


def said(text: str, *, by: str = "kim@example.org", at: datetime = NOON, **fields: Any) -> Receipt:
    """Return the receipt of ``text`` received from the proven address ``by`` at ``at``."""
    incoming = Incoming(
        channel=fields.pop("channel", None) or rest_channel(),
        external_id=fields.pop("external_id", None) or str(uuid.uuid4()),
        text=text,
        sent_at=fields.pop("sent_at", at),
        handle=Handle(AddressKind.EMAIL, by, is_proven=True) if by else None,
        **fields,
    )
    return receive(incoming, at=at)


def opened(text: str, *, queue: str = "", **fields: Any) -> Ticket:
    """Return the ticket of ``text``, admitted with an assessment as given: lane, category, language, flags..."""
    assessed = {
        "language": "en",
        "language_confidence": 0.9,
        "sentiment": -0.2,
        "tone": "neutral",
        "urgency": 0.1,
        "lane": UrgencyLane.NONE,
        "topic": Topic.BUG,
        "model_version": "test",
        "flags": [],
        "reasons": [],
    }
    assessed |= {name: fields.pop(name) for name in list(fields) if name in assessed}
    category = fields.pop("category", "")
    at = fields.get("at", NOON)
    receipt = said(text, **fields)
    assessment = Assessment.objects.create(
        message=receipt.message,
        categories=[[category, 0.9]] if category else [],
        assessed_at=at,
        **assessed,
    )
    ticket = admit(receipt.message, assessment, at=at)
    assert ticket is not None
    if queue:
        Ticket.objects.filter(pk=ticket.pk).update(queue=Queue.objects.get(slug=queue))
    ticket.refresh_from_db()
    return ticket
