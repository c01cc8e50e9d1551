from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings

from feedback.intake.models import FeedbackState
from feedback.intake.ratings import rate
from feedback.intake.services import channel_of
from tests.people import NOON, agent, opened
from tests.tickets.hooks.hooking import hooked, integration
from tickets.desk.merging import merge
from tickets.desk.models import Status, Ticket
from tickets.desk.services import add_note, assign
from tickets.desk.transitions import move
from tickets.hooks.models import HookDelivery, HookEvent
from tickets.hooks.payloads import body_of
from tickets.queues.models import Queue
from tickets.replies.services import reply
from users.accounts.models import User

pytestmark = pytest.mark.django_db


def body(told_as: HookEvent) -> Any:
    found = (
        HookDelivery.objects.select_related("hook__owner", "event__ticket").filter(type=told_as).latest("pk")
    )
    made = body_of(found)
    return made and json.loads(made)


class TestBodyOf:
    def test_is_thin(self, ana: User) -> None:
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_STATUS, HookEvent.MESSAGE_RECEIVED)
        ticket = opened("My upload hangs", subject="Upload")
        move(ticket, Status.OPEN, actor=ana, at=NOON)
        assert body(HookEvent.TICKET_STATUS) == {
            "type": "ticket.status_changed",
            "timestamp": "2026-11-02T12:00:00Z",
            "data": {
                "ticket": {
                    "id": str(ticket.public_id),
                    "number": ticket.number,
                    "status": "open",
                    "priority": "normal",
                    "queue": "support",
                    "assignee": None,
                    "category": "",
                    "url": f"{settings.PUBLIC_BASE_URL}/api/v1/tickets/{ticket.public_id}",
                },
                "old": "new",
                "new": "open",
                "actor": "ana",
            },
        }
        message = ticket.feedback.messages.get()
        assert body(HookEvent.MESSAGE_RECEIVED)["data"]["message"] == {
            "id": str(message.public_id),
            "author": "customer",
        }

    def test_has_what_was_said_where_it_was_asked_for(self, ana: User) -> None:
        hooked(
            ana, "https://erp.example.org/", HookEvent.MESSAGE_RECEIVED, HookEvent.REPLY_SENT, with_text=True
        )
        ticket = opened("我的上传卡住了")
        reply(ticket, text="Look here", author=ana, at=NOON, language="en")
        assert body(HookEvent.MESSAGE_RECEIVED)["data"]["message"]["text"] == "我的上传卡住了"
        assert body(HookEvent.REPLY_SENT)["data"]["message"]["text"] == "Look here"

    def test_has_no_internal_note(self, ana: User) -> None:
        hooked(
            ana, "https://erp.example.org/", HookEvent.TICKET_STATUS, HookEvent.TICKET_OPENED, with_text=True
        )
        ticket = opened("Hangs")
        add_note(ticket, text="SECRET", actor=ana, at=NOON)
        ticket.refresh_from_db()
        move(ticket, Status.OPEN, actor=ana, at=NOON, reason="SECRET")
        bodies = [body(HookEvent.TICKET_STATUS), body(HookEvent.TICKET_OPENED)]
        assert "SECRET" not in json.dumps(bodies)

    def test_is_nothing_where_its_owner_may_no_longer_see_the_ticket(self, ana: User) -> None:
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_OPENED)
        agent("cyd", team="other", queue="other")
        ticket = opened("Hangs")
        assert body(HookEvent.TICKET_OPENED) is not None
        Ticket.objects.filter(pk=ticket.pk).update(queue=Queue.objects.get(slug="other"))
        assert body(HookEvent.TICKET_OPENED) is None

    def test_is_nothing_of_sensitive_tickets_but_for_the_crisis_team(self, ana: User) -> None:
        kai = agent("kai", is_crisis_team=True)
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_OPENED)
        opened("I want to die", flags=["sensitive"])
        assert body(HookEvent.TICKET_OPENED) is None
        hooked(kai, "https://erp.example.org/", HookEvent.TICKET_OPENED)
        opened("I want to die", by="lin@example.org", flags=["sensitive"])
        assert body(HookEvent.TICKET_OPENED) is not None

    def test_is_about_its_own_feedback_for_an_integration(self) -> None:
        shop = integration()
        hooked(shop, "https://erp.example.org/", HookEvent.FEEDBACK_STATE, HookEvent.MESSAGE_RECEIVED)
        ticket = opened("Hangs", channel=channel_of(shop))
        move(ticket, Status.OPEN, actor=None, at=NOON)
        feedback = ticket.feedback
        feedback.refresh_from_db()
        shown = {
            "id": str(feedback.public_id),
            "number": feedback.number,
            "state": "in_progress",
            "url": f"{settings.PUBLIC_BASE_URL}/api/v1/feedback/{feedback.public_id}",
        }
        assert body(HookEvent.FEEDBACK_STATE)["data"] == {
            "feedback": shown,
            "old": "received",
            "new": "in_progress",
        }
        opened("Hangs, too", by="lin@example.org")
        assert body(HookEvent.MESSAGE_RECEIVED) is None

    def test_tells_an_integration_nothing_that_was_said_elsewhere_in_a_merged_thread(self, ana: User) -> None:
        shop = integration()
        own = opened("In the shop", channel=channel_of(shop))
        elsewhere = opened("ELSEWHERE")
        merge(elsewhere, into=own, actor=ana, at=NOON)
        hooked(shop, "https://erp.example.org/", HookEvent.MESSAGE_RECEIVED, with_text=True)
        before = HookDelivery.objects.count()
        more = opened("ELSEWHERE again", thread=elsewhere.feedback)
        assert more.pk == own.pk
        assert HookDelivery.objects.count() == before + 1
        assert body(HookEvent.MESSAGE_RECEIVED) is None

    def test_has_the_score_and_on_request_the_comment_of_a_rating(self, ana: User) -> None:
        hooked(ana, "https://erp.example.org/", HookEvent.FEEDBACK_RATED)
        feedback = opened("Hangs").feedback
        feedback.state = FeedbackState.SOLVED
        feedback.save()
        rate(feedback, score=2, comment="slow", at=NOON)
        assert body(HookEvent.FEEDBACK_RATED)["data"]["rating"] == {"score": 2}
        hooked(ana, "https://erp.example.org/", HookEvent.FEEDBACK_RATED, with_text=True)
        rate(feedback, score=3, comment="better", at=NOON)
        assert body(HookEvent.FEEDBACK_RATED)["data"]["rating"] == {"score": 3, "comment": "better"}

    def test_names_people_by_their_logins(self, ana: User) -> None:
        hooked(ana, "https://erp.example.org/", HookEvent.TICKET_ASSIGNED)
        assign(opened("Hangs"), to=ana, actor=ana, at=NOON)
        told = body(HookEvent.TICKET_ASSIGNED)["data"]
        assert (told["old"], told["new"], told["ticket"]["assignee"]) == (None, "ana", "ana")
