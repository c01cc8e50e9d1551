from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.people import NOON, agent, client_of, lead, opened
from tickets.desk.drafts import keep_draft
from tickets.desk.models import Draft, EventKind, Status, Ticket, TicketEvent
from tickets.desk.services import NotInYourQueue
from tickets.queues.models import Priority, Queue
from tickets.replies.models import CannedReply
from tickets.workbench.actions import Asked, act
from tickets.workbench.macros import AnswerGone, MacroGone
from tickets.workbench.models import Giving, Macro

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


def macro(**fields) -> Macro:
    return Macro.objects.create(**{"name": "Refund", **fields})


def wording() -> CannedReply:
    canned = CannedReply.objects.create(slug="refund", name="Refund")
    canned.texts.create(language="en", text="Hi, {number} is on its way.")
    canned.texts.create(language="zh-Hans", text="您好，{number} 正在处理。")
    return canned


def apply(one: Macro, ticket: Ticket, by) -> Ticket:
    act(ticket, Asked("macro", str(one.pk)), actor=by, at=NOON)
    ticket.refresh_from_db()
    return ticket


class TestMacro:
    def test_takes_every_step_and_tells_one_history(self, ana) -> None:
        agent("bo", queue="money", team="first-line")
        one = macro(
            tags=["refund", "card"],
            priority=Priority.HIGH,
            queue=Queue.objects.get(slug="money"),
            give_to=Giving.ME,
            status=Status.SOLVED,
        )
        ticket = apply(one, opened("payment failed"), ana)
        assert (ticket.status, ticket.priority, ticket.queue.slug) == (Status.SOLVED, Priority.HIGH, "money")
        assert ticket.assignee == ana
        assert sorted(tag.name for tag in ticket.tags.all()) == ["card", "refund"]
        told = list(ticket.events.order_by("pk").values_list("kind", flat=True))[1:]
        assert told[0] == EventKind.MACRO
        assert {EventKind.TAGGED, EventKind.PRIORITISED, EventKind.QUEUED, EventKind.ASSIGNED} < set(told)

    def test_does_nothing_when_one_step_is_refused(self, ana) -> None:
        far = Queue.objects.create(slug="far", name="far")
        ticket = opened("payment failed")
        events = TicketEvent.objects.count()
        one = macro(tags=["refund"], canned_reply=wording(), queue=far, give_to=Giving.ME)
        with pytest.raises(NotInYourQueue):
            apply(one, ticket, ana)
        ticket.refresh_from_db()
        assert ticket.queue != far
        assert not ticket.tags.exists()
        assert not Draft.objects.exists()
        assert TicketEvent.objects.count() == events

    def test_prepares_the_answer_in_the_customers_language_and_sends_nothing(self, ana) -> None:
        ticket = opened("付款失败", language="zh-Hans")
        apply(macro(canned_reply=wording(), status=Status.SOLVED), ticket, ana)
        draft = Draft.objects.get()
        assert draft.text == f"您好，{ticket.number} 正在处理。"
        # Solved before it is answered would be told to the customer as such.
        assert (ticket.status, draft.then) == (Status.NEW, Status.SOLVED)

    def test_does_nothing_once_its_answer_is_not_used_any_more(self, ana) -> None:
        ticket, one = opened("payment failed"), macro(canned_reply=wording(), tags=["refund"])
        CannedReply.objects.update(is_active=False)
        with pytest.raises(AnswerGone):
            apply(one, ticket, ana)
        assert not ticket.tags.exists()

    def test_writes_under_what_was_typed_and_not_twice(self, ana) -> None:
        ticket, one = opened("payment failed"), macro(canned_reply=wording())
        keep_draft(ticket, author=ana, is_internal=False, text="My own words.", at=NOON)
        for _ in range(2):
            apply(one, ticket, ana)
        assert Draft.objects.get().text == f"My own words.\n\nHi, {ticket.number} is on its way."

    def test_puts_aside_and_gives_back(self, ana) -> None:
        ticket = opened("payment failed")
        apply(macro(name="Mine", give_to=Giving.ME), ticket, ana)
        apply(macro(aside_for=timedelta(days=2), give_to=Giving.NOBODY), ticket, ana)
        assert (ticket.assignee, ticket.status) == (None, Status.ON_HOLD)
        assert ticket.snoozed_until == NOON + timedelta(days=2)

    @pytest.mark.parametrize("number", ["0", "x", "9" * 30, ""])
    def test_is_gone_when_none_is_active(self, ana, number: str) -> None:
        one = macro(is_active=False)
        for value in (number, str(one.pk)):
            with pytest.raises(MacroGone):
                act(opened("payment failed"), Asked("macro", value), actor=ana, at=NOON)

    @pytest.mark.parametrize(
        "contradiction",
        [
            {"aside_for": timedelta(days=1), "status": Status.SOLVED},
            {"give_to": Giving.ME, "assignee": True},
        ],
    )
    def test_never_says_two_things(self, ana, contradiction: dict) -> None:
        if "assignee" in contradiction:
            contradiction["assignee"] = ana
        with pytest.raises(IntegrityError), transaction.atomic():
            macro(**contradiction)


class TestAtTheDesk:
    def test_is_offered_and_leaves_the_draft_in_the_composer(self, ana) -> None:
        one, ticket, client = macro(canned_reply=wording()), opened("payment failed"), client_of(ana)
        page = f"/admin/desk/{ticket.public_id}/"
        assert f'data-act="macro" data-value="{one.pk}"' in client.get(page).content.decode()
        told = client.post(page + "change/", {"action": "macro", "value": one.pk}).json()
        assert told["draft"]["reply"].startswith("Hi, E-")
        assert "next" not in told
        assert told["draft"]["reply"] in client.get(page).content.decode()

    def test_goes_on_when_the_ticket_is_done_with(self, ana) -> None:
        one, ticket = macro(status=Status.SOLVED), opened("payment failed")
        told = client_of(ana).post(
            f"/admin/desk/{ticket.public_id}/change/", {"action": "macro", "value": one.pk}
        )
        assert "next" in told.json()

    def test_works_on_many_at_once_and_says_which_refused(self, ana) -> None:
        one = macro(tags=["refund"], status=Status.ON_HOLD)
        open_one, solved = opened("one"), opened("two")
        Ticket.objects.filter(pk=solved.pk).update(status=Status.SOLVED)
        client = client_of(ana)
        assert f'<option value="{one.pk}">' in client.get("/admin/desk/").content.decode()
        asked = {"ticket": [open_one.public_id, solved.public_id], "action": "macro", "value": one.pk}
        told = client.post("/admin/desk/bulk/", asked).json()
        assert [refused["number"] for refused in told["refused"]] == [solved.number]
        assert [ticket.number for ticket in Ticket.objects.filter(tags__name="refund")] == [open_one.number]

    def test_is_defined_by_leads_and_seen_by_agents(self, ana) -> None:
        form = {"name": "Refund", "position": 1, "is_active": "on", "tags": "refund, card"}
        client_of(ana).post("/admin/tickets/macro/add/", form)
        assert not Macro.objects.exists()
        client_of(lead()).post("/admin/tickets/macro/add/", form)
        assert Macro.objects.get().tags == ["refund", "card"]
        assert client_of(ana).get("/admin/tickets/macro/").status_code == 200

    def test_is_refused_in_the_form_when_it_says_two_things(self) -> None:
        form = {"name": "X", "position": 1, "status": "solved", "aside_for": "2 d"}
        response = client_of(lead()).post("/admin/tickets/macro/add/", form)
        assert "What is put aside gets no status" in response.content.decode()
        assert not Macro.objects.exists()
