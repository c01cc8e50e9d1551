from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_one
from feedback.analysis.models import Assessment
from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Direction, Message
from feedback.intake.services import EmptyMessage
from tests.people import NOON, agent, answers_leave_at_once, lead, opened, said
from tests.threads import together
from tickets.desk.access import CannotWorkOn
from tickets.desk.drafts import FileGone, add_draft_file, draft_files, draft_texts, keep_draft
from tickets.desk.hearing import hear
from tickets.desk.locks import ChangedMeanwhile
from tickets.desk.merging import merge
from tickets.desk.models import DraftFile, EventKind, Status, Ticket, WaitingReply, WaitingState
from tickets.desk.overdue import escalate_overdue
from tickets.desk.services import add_note, assign
from tickets.desk.tagging import tag
from tickets.desk.transitions import MoveNotAllowed, move
from tickets.replies.models import Delivery
from tickets.replies.services import Replied, reply
from tickets.replies.waiting import (
    ANSWER_LEAVES,
    KEPT_FOR,
    LeftAlready,
    forget_settled,
    let_leave,
    send,
    take_in,
    undo,
)
from users.accounts.models import User
from users.profiles.holdings import erase_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]

LATER = NOON + timedelta(seconds=11)


@pytest.fixture
def ticket() -> Ticket:
    return opened("payment failed")


def sent(ticket: Ticket, author: User, text: str = "We are on it.", **fields: Any) -> WaitingReply:
    waiting = send(ticket, text=text, author=author, **{"at": NOON, "language": "en", **fields})
    assert isinstance(waiting, WaitingReply)
    return waiting


def leave(waiting: WaitingReply) -> WaitingReply:
    let_leave(waiting.pk, None, LATER)
    waiting.refresh_from_db()
    return waiting


def answers() -> list[str]:
    return list(Message.objects.filter(direction=Direction.OUT).order_by("pk").values_list("text", flat=True))


class TestSend:
    def test_lets_the_answer_wait_for_the_outbox(self, ana, ticket) -> None:
        waiting = sent(ticket, ana)
        row = OutboxRow.objects.get(kind=ANSWER_LEAVES)
        assert (row.subject_id, row.due_at) == (waiting.pk, NOON + timedelta(seconds=10))
        ticket.refresh_from_db()
        assert (answers(), ticket.status, ticket.first_replied_at) == ([], Status.NEW, None)

    def test_takes_text_and_files_out_of_the_draft(self, ana, ticket) -> None:
        keep_draft(ticket, author=ana, is_internal=False, text="We are", at=NOON)
        file = add_draft_file(ticket, IncomingFile("a.pdf", b"%PDF-1.7"), author=ana, at=NOON)
        sent(ticket, ana, file_ids=[file.public_id])
        assert draft_texts(ticket, author=ana) == {}
        assert list(draft_files(ticket, author=ana)) == []

    def test_answers_at_once_where_administrators_want_it(self, ana, ticket) -> None:
        answers_leave_at_once()
        replied = send(ticket, text="We are on it.", author=ana, at=NOON, language="en")
        assert isinstance(replied, Replied)
        assert answers() == ["We are on it."]

    def test_answers_an_urgent_ticket_at_once(self) -> None:
        urgent = opened("我不想活了", lane="red", category="safety", urgency=0.95)
        boss = agent("boss", is_superuser=True)
        assert isinstance(send(urgent, text="x", author=boss, at=NOON, language="zh-Hans"), Replied)

    def test_refuses_what_a_reply_refuses_before_it_waits(self, ana, ticket) -> None:
        gone = add_draft_file(ticket, IncomingFile("a.pdf", b"%PDF-1.7"), author=agent("bo"), at=NOON)
        add_note(ticket, text="wait!", actor=ana, at=NOON)
        for refusal, fields in (
            (EmptyMessage, {"text": " \n"}),
            (CannotWorkOn, {"author": lead()}),
            (ChangedMeanwhile, {"version": ticket.version}),
            (FileGone, {"file_ids": [gone.public_id]}),
            (MoveNotAllowed, {"then": Status.CLOSED}),
        ):
            with pytest.raises(refusal):
                sent(ticket, **{"author": ana, **fields})
        assert not WaitingReply.objects.exists()

    def test_lets_an_earlier_answer_of_the_same_author_go_first(self, ana, ticket) -> None:
        first = sent(ticket, ana, "First.")
        second = sent(ticket, ana, "Second.", at=NOON + timedelta(seconds=3))
        assert answers() == ["First."]
        leave(first)
        leave(second)
        assert answers() == ["First.", "Second."]


class TestLetLeave:
    def test_sends_it_once_with_its_files(self, ana, ticket) -> None:
        file = add_draft_file(ticket, IncomingFile("a.pdf", b"%PDF-1.7"), author=ana, at=NOON)
        waiting = sent(ticket, ana, file_ids=[file.public_id], then=Status.SOLVED)
        while run_one(Lane.DEFAULT, at=LATER, by="test"):
            pass
        let_leave(waiting.pk, None, LATER)
        message = Message.objects.get(direction=Direction.OUT)
        assert (message.text, message.attachments.get().filename) == ("We are on it.", "a.pdf")
        assert (Delivery.objects.count(), DraftFile.objects.count()) == (1, 0)
        ticket.refresh_from_db()
        waiting.refresh_from_db()
        assert (ticket.status, waiting.state, waiting.text) == (Status.SOLVED, WaitingState.SENT, "")

    def test_stops_the_clock_when_it_was_pressed(self, ana, ticket) -> None:
        leave(sent(ticket, ana))
        ticket.refresh_from_db()
        assert (ticket.first_replied_at, ticket.last_agent_at) == (NOON, LATER)

    def test_stops_no_clock_before_it_started(self, ana, ticket) -> None:
        move(ticket, Status.SOLVED, actor=ana, at=NOON)
        leave(sent(ticket, ana, then=Status.OPEN))
        ticket.refresh_from_db()
        assert (ticket.clock_started_at, ticket.first_replied_at) == (LATER, LATER)

    def test_leaves_the_draft_alone_that_was_begun_meanwhile(self, ana, ticket) -> None:
        waiting = sent(ticket, ana)
        keep_draft(ticket, author=ana, is_internal=False, text="One more", at=NOON)
        file = add_draft_file(ticket, IncomingFile("b.pdf", b"%PDF-1.7"), author=ana, at=NOON)
        leave(waiting)
        assert draft_texts(ticket, author=ana) == {"reply": "One more"}
        assert draft_files(ticket, author=ana).get() == file

    def test_takes_no_notice_of_what_its_author_did_since(self, ana, ticket) -> None:
        waiting = sent(ticket, ana)
        ticket.refresh_from_db()
        tag(ticket, "refund", actor=ana, at=NOON)
        assert leave(waiting).state == WaitingState.SENT

    @pytest.mark.parametrize("what", ["customer", "colleague", "reassigned"])
    def test_holds_it_back_when_something_happened_meanwhile(self, ana, ticket, what: str) -> None:
        waiting, bo = sent(ticket, ana, then=Status.SOLVED), agent("bo")
        match what:
            case "customer":
                message = said("It works again!", thread=ticket.feedback).message
                assessment = Assessment.objects.get()
                assessment.pk, assessment.message = None, message
                assessment.save(force_insert=True)
                hear(ticket, message=message, assessment=assessment, at=NOON)
            case "colleague":
                reply(ticket, text="Done.", author=bo, at=NOON, language="en", then=None)
            case _:
                assign(ticket, to=bo, actor=bo, at=NOON)
        assert leave(waiting).held_because == "changed_meanwhile"
        assert "We are on it." not in answers()
        # A page that is open meanwhile saves its own text over the draft: nothing is lost by that.
        keep_draft(ticket, author=ana, is_internal=False, text="Dear Kim", at=NOON)
        assert take_in(ticket, author=ana, at=LATER) == 1
        assert take_in(ticket, author=ana, at=LATER) == 0
        assert draft_texts(ticket, author=ana) == {
            "reply": "Dear Kim\n\nWe are on it.",
            "then": "solved",
            "language": "en",
        }

    def test_holds_it_back_on_the_ticket_that_it_was_merged_into(self, ana, ticket) -> None:
        kept = opened("my money")
        file = add_draft_file(ticket, IncomingFile("a.pdf", b"%PDF-1.7"), author=ana, at=NOON)
        waiting = sent(ticket, ana, file_ids=[file.public_id])
        merge(ticket, into=kept, actor=ana, at=NOON)
        assert leave(waiting).held_because == "was_merged"
        take_in(kept, author=ana, at=LATER)
        assert draft_texts(kept, author=ana)["reply"] == "We are on it."
        assert draft_files(kept, author=ana).get() == file

    def test_holds_it_back_when_its_author_lost_the_ticket(self, ana, ticket) -> None:
        waiting = sent(ticket, ana)
        User.objects.filter(pk=ana.pk).update(is_active=False)
        assert leave(waiting).held_because == "cannot_work_on"
        assert answers() == []

    def test_finds_nothing_of_somebody_who_was_erased(self, ana, ticket) -> None:
        file = add_draft_file(ticket, IncomingFile("a.pdf", b"%PDF-1.7"), author=ana, at=NOON)
        waiting = sent(ticket, ana, file_ids=[file.public_id])
        erase_customer(ticket.feedback.customer, at=NOON)
        let_leave(waiting.pk, None, LATER)
        assert (answers(), WaitingReply.objects.count(), DraftFile.objects.count()) == ([], 0, 0)


class TestUndo:
    def test_puts_text_and_files_back_under_what_was_typed_since(self, ana, ticket) -> None:
        file = add_draft_file(ticket, IncomingFile("a.pdf", b"%PDF-1.7"), author=ana, at=NOON)
        waiting = sent(ticket, ana, "x" * 25_000, language="de", file_ids=[file.public_id])
        keep_draft(ticket, author=ana, is_internal=False, text="Dear Kim", at=NOON)
        assert undo(waiting, at=LATER).state == WaitingState.UNDONE
        draft = draft_texts(ticket, author=ana)
        assert draft == {
            "reply": "Dear Kim\n\n" + "x" * 25_000,
            "then": "waiting_customer",
            "language": "de",
        }
        assert draft_files(ticket, author=ana).get() == file
        assert leave(waiting).state == WaitingState.UNDONE
        assert answers() == []

    def test_twice_puts_it_back_once(self, ana, ticket) -> None:
        waiting = sent(ticket, ana)
        undo(waiting, at=LATER)
        keep_draft(ticket, author=ana, is_internal=False, text="Better.", at=LATER)
        undo(waiting, at=LATER)
        assert draft_texts(ticket, author=ana)["reply"] == "Better."

    def test_comes_too_late_for_what_has_left(self, ana, ticket) -> None:
        waiting = leave(sent(ticket, ana))
        with pytest.raises(LeftAlready):
            undo(waiting, at=LATER)

    @pytest.mark.django_db(transaction=True)
    def test_and_the_due_time_at_one_moment_have_one_winner(self, ana, ticket) -> None:
        for number in range(5):
            ticket.refresh_from_db()
            waiting = sent(ticket, ana, f"Answer {number}")
            [was_undone, _nothing] = together(
                lambda waiting=waiting: undo(waiting, at=LATER),  # type: ignore[misc]
                lambda: run_one(Lane.DEFAULT, at=LATER, by="test"),
            )
            waiting.refresh_from_db()
            has_left = f"Answer {number}" in answers()
            assert has_left == isinstance(was_undone, LeftAlready) == (waiting.state == WaitingState.SENT)
            assert has_left != (f"Answer {number}" in draft_texts(ticket, author=ana).get("reply", ""))
            OutboxRow.objects.all().delete()


class TestErasure:
    @pytest.mark.django_db(transaction=True)
    def test_and_the_due_time_at_one_moment_leave_no_text(self, ana, ticket) -> None:
        waiting = sent(ticket, ana)
        together(
            lambda: erase_customer(ticket.feedback.customer, at=LATER),
            lambda: let_leave(waiting.pk, None, LATER),
        )
        assert [text for text in answers() if text] == []
        assert not WaitingReply.objects.exclude(text="").exists()
        assert not Delivery.objects.filter(state="pending").exists()


class TestOverdue:
    def test_is_no_ticket_whose_answer_is_about_to_leave(self, ana, ticket) -> None:
        late = ticket.first_reply_due_at + timedelta(seconds=5)
        waiting = sent(ticket, ana, at=ticket.first_reply_due_at - timedelta(seconds=2))
        assert escalate_overdue(late) == 0
        undo(waiting, at=late)
        assert escalate_overdue(late) == 1
        assert ticket.events.filter(kind=EventKind.OVERDUE).count() == 1


class TestForgetSettled:
    def test_keeps_what_waits_and_what_was_settled_lately(self, ana, ticket) -> None:
        leave(sent(ticket, ana))
        assert forget_settled(LATER + KEPT_FOR) == 0
        held = sent(opened("my money"), ana)
        User.objects.filter(pk=ana.pk).update(is_active=False)
        leave(held)
        assert forget_settled(LATER + KEPT_FOR + timedelta(seconds=1)) == 1
        assert WaitingReply.objects.get().text == "We are on it."
