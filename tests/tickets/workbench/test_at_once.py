"""Two agents, two tabs, two clicks: one of them has it, the other is told, and nothing leaves twice."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from feedback.intake.models import Direction, Message
from tests.people import NOON, agent, answers_leave_at_once, client_of, opened
from tests.threads import together
from tickets.desk.linking import link, unlink
from tickets.desk.merging import merge
from tickets.desk.models import EventKind, LinkKind, Ticket, TicketEvent, TicketLink, WaitingReply
from tickets.replies.models import Delivery
from tickets.replies.waiting import let_leave
from tickets.workbench.actions import Asked, act
from users.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


class TestTake:
    def ask(self, user: User, ticket: Ticket, shown: str = "") -> Any:
        client, url = client_of(user), f"/admin/desk/{ticket.public_id}/change/"
        return lambda: client.post(url, {"action": "take", "value": shown})

    def test_gives_it_to_one_and_tells_the_other_who_has_it(self) -> None:
        people, ticket = [agent("ana"), agent("bo")], opened("payment failed")
        [won, lost] = sorted(
            together(*(self.ask(user, ticket) for user in people)), key=lambda answer: answer.status_code
        )
        ticket.refresh_from_db()
        assert (won.status_code, lost.status_code) == (200, 409)
        assert (
            lost.json()["refused"] == f"{ticket.assignee.name} has {ticket.number}. Open it to take it over."
        )
        assert TicketEvent.objects.filter(kind=EventKind.ASSIGNED).count() == 1

    def test_takes_over_from_whom_the_page_showed(self) -> None:
        ana, bo, ticket = agent("ana"), agent("bo"), opened("payment failed")
        assert self.ask(ana, ticket)().status_code == 200
        assert self.ask(bo, ticket, shown="ana")().status_code == 200
        ticket.refresh_from_db()
        assert ticket.assignee == bo


class TestReply:
    def ask(self, user: User, ticket: Ticket, text: str) -> Any:
        client, url = client_of(user), f"/admin/desk/{ticket.public_id}/reply/"
        return lambda: client.post(url, {"text": text, "version": ticket.version, "answer_in": "en"})

    @pytest.mark.parametrize(
        "names", [("ana", "bo"), ("ana", "ana")], ids=["two agents", "two tabs or clicks"]
    )
    @pytest.mark.parametrize("waits", [True, False])
    def test_leaves_once_and_tells_the_other(self, names: tuple[str, str], waits: bool) -> None:
        if not waits:
            answers_leave_at_once()
        users = {name: agent(name) for name in set(names)}
        ticket = opened("payment failed")
        answers = together(*(self.ask(users[name], ticket, "We are on it.") for name in names))
        [won, lost] = sorted(answers, key=lambda answer: answer.status_code)
        assert (won.status_code, lost.status_code) == (200, 409)
        assert lost.json()["code"] == "changed_meanwhile"
        assert "Your text is kept" in lost.json()["refused"]
        assert lost.json()["changes"]
        for waiting in WaitingReply.objects.all():
            let_leave(waiting.pk, None, timezone.now())
        assert Message.objects.filter(direction=Direction.OUT).count() == 1
        assert Delivery.objects.count() == 1


class TestMerge:
    def test_goes_into_one_of_two(self) -> None:
        ana, bo = agent("ana"), agent("bo")
        gone, first, second = (opened(text) for text in ("gone", "first", "second"))
        results = together(
            lambda: merge(gone, into=first, actor=ana, at=NOON),
            lambda: merge(gone, into=second, actor=bo, at=NOON),
        )
        gone.refresh_from_db()
        assert [isinstance(one, TicketEvent) for one in results].count(True) == 1
        [refused] = [str(one) for one in results if not isinstance(one, TicketEvent)]
        assert refused == f"{gone.number} was merged into {gone.merged_into}: work there, or undo the merge."
        assert TicketEvent.objects.filter(kind=EventKind.MERGED).count() == 2

    def test_pressed_twice_merges_once(self) -> None:
        ana, gone, kept = agent("ana"), opened("gone"), opened("kept")
        results = together(*[lambda: merge(gone, into=kept, actor=ana, at=NOON)] * 2)
        assert [isinstance(one, TicketEvent) for one in results].count(True) == 1


class TestLink:
    def test_lets_no_two_wait_for_each_other(self) -> None:
        ana, one, other = agent("ana"), opened("payment failed"), opened("my money")

        def linked(ticket: Ticket, to: Ticket, kind: LinkKind) -> None:
            act(ticket, Asked("link", f"{kind}:{to.public_id}"), actor=ana, at=NOON)

        both_ways = [
            call
            for kind in (LinkKind.RELATED, LinkKind.DUPLICATE, LinkKind.FOLLOWS)
            for call in (partial(linked, one, other, kind), partial(linked, other, one, kind))
        ]
        assert together(*both_ways) == [None] * 6
        assert TicketLink.objects.count() == 3

    def test_is_undone_without_a_circle(self) -> None:
        ana, one, other = agent("ana"), opened("payment failed"), opened("my money")
        there, _new = link(one, to=other, kind=LinkKind.RELATED, actor=ana, at=NOON)
        back, _new = link(other, to=one, kind=LinkKind.DUPLICATE, actor=ana, at=NOON)
        undo = partial(unlink, actor=ana, at=NOON)
        assert together(*[partial(undo, there), partial(undo, back)] * 3) == [None] * 6
        assert not TicketLink.objects.exists()
