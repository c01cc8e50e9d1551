"""Who sees what on pages: every route that is not REST, the admin's included, by those who may not see.

One ticket has a canary in everything that was said, written and kept about it. No page may show it to a stranger,
whatever ids they know, and nothing they send may change it. The routes come from the URL configuration and the
admin's registry, so new ones are in the matrix at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Attachment, Message
from tests.alarms import on_call, urgent
from tests.contracts.routes import filled_with, page_paths
from tests.people import NOON, agent, client_of
from tickets.crisis.escalation import take_due_steps
from tickets.crisis.models import Page
from tickets.desk.drafts import add_draft_file, keep_draft
from tickets.desk.linking import link
from tickets.desk.models import (
    CrisisPlace,
    Draft,
    DraftFile,
    LinkKind,
    Ticket,
    TicketEvent,
    TicketLink,
    WaitingReply,
)
from tickets.desk.services import add_note
from tickets.replies.models import Delivery
from tickets.replies.services import reply
from tickets.workbench.actions import ACTIONS
from tickets.workbench.filters import Filters
from tickets.workbench.models import SavedView
from tickets.workbench.saved_views import save_view
from users.accounts.models import Role, User
from users.profiles.models import Address, Customer

pytestmark = pytest.mark.django_db

CANARY = "CANARY"
#: Asked for everywhere: finds the canary by its beginning, and is not the canary where a page repeats it.
QUESTION = {"q": "CANA", "s": "CANA", "term": "CANA", "before": "999999", "state": "told"}
#: Whatever a page may ask for; each takes what it knows.
FORM = {
    "text": "overwritten", "mode": "note", "name": "overwritten", "reason": "overwritten", "then": "solved",
    "how": "merge", "kind": "month", "language": "en", "do": "end", "answer": "yes", "subject": "overwritten",
    "first": "2026-10-01", "origin": "live", "score": "1", "display_name": "overwritten", "_save": "1",
}  # fmt: skip
#: Ends the stranger's session, and nothing else.
NOT_ASKED = {"/admin/logout/"}


@dataclass(frozen=True)
class Secret:
    """The ticket with the canary, whose it is, and the ids of what belongs to it, by their names in routes."""

    ticket: Ticket
    cyd: User
    ids: dict[str, str]

    @property
    def state(self) -> list[list[Any]]:
        """Everything of it that a stranger could have changed."""
        tickets = Ticket.objects.all()
        rows: list[QuerySet[Any]] = [
            *(tickets, TicketEvent.objects.all(), TicketLink.objects.all(), CrisisPlace.objects.all()),
            *(Draft.objects.filter(author=self.cyd), DraftFile.objects.filter(author=self.cyd)),
            WaitingReply.objects.all(),
            *(SavedView.objects.filter(owner=self.cyd), Delivery.objects.all()),
            Message.objects.filter(feedback__in=tickets.values("feedback")),
            Customer.objects.filter(display_name__startswith=CANARY),
            Address.objects.filter(normalised__contains=CANARY.lower()),
        ]
        return [list(some.order_by("pk").values()) for some in rows]

    @property
    def form(self) -> dict[str, str]:
        """What a stranger sends who knows every id there is."""
        ids = self.ids
        named = {"ticket": ids["public_id"], "message": ids["message_id"], "number": self.ticket.number}
        return FORM | named | {"file": ids["draft_file_id"], "owner": str(self.cyd.pk)}


@pytest.fixture
def secret() -> Secret:
    cyd = on_call("cyd", team="other", queue="other")
    place = urgent(
        text=f"text {CANARY}",
        by=f"{CANARY}@example.org",
        subject=f"subject {CANARY}",
        attachments=(IncomingFile(f"{CANARY}.txt", CANARY.encode()),),
    )
    ticket = Ticket.objects.get(pk=place.ticket_id)
    take_due_steps(NOON)
    Customer.objects.filter(pk=ticket.feedback.customer_id).update(display_name=CANARY)
    other = urgent("legal", text=f"linked {CANARY}", by=f"{CANARY}-2@example.org").ticket
    add_note(ticket, text=f"note {CANARY}", actor=cyd, at=NOON)
    reply(ticket, text=f"reply {CANARY}", author=cyd, at=NOON, language="en")
    keep_draft(ticket, author=cyd, is_internal=True, text=f"draft {CANARY}", at=NOON)
    file = add_draft_file(ticket, IncomingFile(f"draft-{CANARY}.txt", b"x"), author=cyd, at=NOON)
    link(ticket, to=other, kind=LinkKind.RELATED, actor=cyd, at=NOON)
    # Written as if it waited: the ticket is urgent, and its answers leave at once.
    waiting = WaitingReply.objects.create(
        ticket=ticket, author=cyd, text=f"waits {CANARY}", pressed_at=NOON, due_at=NOON, seen_event=0
    )
    view = save_view(cyd, name=f"view {CANARY}", filters=Filters(tag=CANARY), is_shared=False, at=NOON)
    ids = {
        "public_id": str(ticket.public_id),
        "message_id": str(Message.objects.filter(feedback=ticket.feedback).earliest("pk").public_id),
        "file_id": str(Attachment.objects.get(message__feedback=ticket.feedback).public_id),
        "draft_file_id": str(file.public_id),
        "view_id": str(view.public_id),
        "page_id": str(Page.objects.get().pk),
        "delivery_id": str(Delivery.objects.get(message__feedback=ticket.feedback).pk),
        "reply_id": str(waiting.public_id),
        "link_id": str(TicketLink.objects.get().pk),
        "taken": "1",
    }
    return Secret(ticket, cyd, ids)


@pytest.fixture(params=["nobody", "customer", "integration", "role-less", "inactive", "agent"])
def stranger(request: Any, secret: Secret) -> Client:
    """Return the browser of somebody who is nobody to the ticket."""
    match request.param:
        case "nobody":
            return Client()
        case "customer":
            return client_of(User.objects.create_user("kim", role=Role.CUSTOMER))
        case "integration":
            return client_of(User.objects.create_user("shop", role=Role.INTEGRATION))
        case "role-less":
            return client_of(User.objects.create_user("rob", is_staff=True))
        case "inactive":
            gone = on_call("gone")
            client = client_of(gone)
            User.objects.filter(pk=gone.pk).update(is_active=False)
            return client
        case _:
            return client_of(agent("ana"))


def told(answer: Any) -> str:
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", "replace")


def made_up(converter: str) -> str:
    return str(uuid.uuid4()) if converter == "uuid" else "1"


def addresses(secret: Secret) -> Iterator[str]:
    """Yield each page with the secret's ids, and each row of the admin with its own."""
    for path in page_paths():
        if path not in NOT_ASKED:
            yield filled_with(path, secret.ids, otherwise=made_up)
    for model in admin.site._registry:
        for pk in model._default_manager.values_list("pk", flat=True).order_by("-pk")[:3]:
            for page in ("change", "history"):
                name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
                yield reverse(name, args=[pk])


class TestEveryPage:
    def test_shows_a_stranger_nothing(self, secret: Secret, stranger: Client) -> None:
        shown = []
        for address in addresses(secret):
            answer = stranger.get(address, QUESTION)
            assert answer.status_code < 500 or address == "/health", address
            if CANARY in told(answer):
                shown.append(address)
        assert shown == []

    def test_lets_a_stranger_change_nothing(self, secret: Secret, stranger: Client) -> None:
        before = secret.state
        for address in addresses(secret):
            answer = stranger.post(address, secret.form)
            assert answer.status_code < 500 or address == "/health", address
            assert CANARY not in told(answer), address
        # Once: asked after each address it would be most of the work.
        assert secret.state == before

    def test_lets_a_stranger_do_nothing_to_it(self, secret: Secret, stranger: Client) -> None:
        before = secret.state
        for action in ACTIONS:
            for path in (f"/admin/desk/{secret.ids['public_id']}/change/", "/admin/desk/bulk/"):
                answer = stranger.post(path, secret.form | {"action": action, "value": "urgent"})
                assert CANARY not in told(answer), (path, action)
        for model, one in admin.site._registry.items():
            listed = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            for action in one.actions:
                chosen = list(model._default_manager.values_list("pk", flat=True))
                answer = stranger.post(listed, {"action": action, "_selected_action": chosen, "index": "0"})
                assert CANARY not in told(answer), (listed, action)
        assert secret.state == before

    def test_shows_it_to_those_whose_ticket_it_is(self, secret: Secret) -> None:
        """The matrix would be green, too, if nobody saw anything."""
        cyd, ids = client_of(secret.cyd), secret.ids
        own = [
            f"/admin/desk/{ids['public_id']}/",
            f"/admin/desk/{ids['public_id']}/files/{ids['file_id']}/",
            f"/admin/desk/mail/{ids['delivery_id']}/",
            "/admin/desk/crisis/",
            "/admin/desk/?folder=all",
        ]
        assert [path for path in own if CANARY not in told(cyd.get(path))] == []
        found = cyd.get("/admin/desk/search/", QUESTION)
        assert CANARY in told(found)
