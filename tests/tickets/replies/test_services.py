from __future__ import annotations

from datetime import timedelta

import pytest

from config.kit.origins import Origin
from config.kit.outbox.models import OutboxRow
from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Direction, FeedbackState
from feedback.intake.services import EmptyMessage
from tests.people import NOON, agent, lead, opened
from tickets.desk.access import CannotWorkOn
from tickets.desk.drafts import add_draft_file, keep_draft
from tickets.desk.locks import ChangedMeanwhile
from tickets.desk.models import Draft, DraftFile, EventKind, Status
from tickets.desk.services import add_note
from tickets.replies.models import DeliveryState
from tickets.replies.services import reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]

LATER = NOON + timedelta(minutes=7)


def answer(ticket, author, text="We are on it.", **fields):
    fields = {"at": LATER, "language": "en", **fields}
    return reply(ticket, text=text, author=author, **fields)


class TestReply:
    def test_shows_the_answer_to_the_customer_and_waits_for_them(self) -> None:
        ticket, ana = opened("payment failed"), agent("ana")
        replied = answer(ticket, ana)
        ticket.refresh_from_db()
        assert (replied.message.direction, replied.message.author) == (Direction.OUT, ana)
        assert replied.event.kind == EventKind.REPLIED
        assert ticket.status == Status.WAITING_ON_CUSTOMER
        assert ticket.feedback.state == FeedbackState.ANSWERED
        assert (ticket.first_replied_at, ticket.last_agent_at, ticket.due_at) == (LATER, LATER, None)

    def test_makes_the_solution_due_next_when_it_still_waits_for_us(self) -> None:
        ticket = opened("payment failed")
        answer(ticket, agent("ana"), then=None)
        ticket.refresh_from_db()
        assert ticket.status == Status.OPEN
        assert ticket.due_at == ticket.solve_due_at

    def test_keeps_the_time_of_the_first_answer(self) -> None:
        ticket, ana = opened("payment failed"), agent("ana")
        answer(ticket, ana)
        answer(ticket, ana, "One more thing.", at=LATER + timedelta(hours=1))
        ticket.refresh_from_db()
        assert ticket.first_replied_at == LATER

    def test_is_the_first_answer_of_what_it_opens_again(self) -> None:
        ticket, ana = opened("payment failed"), agent("ana")
        answer(ticket, ana, then=Status.SOLVED)
        later = NOON + timedelta(weeks=1)
        answer(ticket, ana, "One more thing.", at=later, then=Status.OPEN)
        ticket.refresh_from_db()
        assert (ticket.clock_started_at, ticket.first_replied_at) == (later, later)
        assert ticket.due_at == ticket.solve_due_at > later

    def test_owes_one_mail_to_the_address_the_feedback_came_from(self) -> None:
        replied = answer(opened("payment failed"), agent("ana"))
        assert replied.delivery is not None
        assert replied.delivery.address.value == "kim@example.org"
        row = OutboxRow.objects.get(kind="delivery.send")
        assert row.subject_id == replied.delivery.pk

    def test_sends_no_mail_to_whom_only_the_api_reaches(self) -> None:
        assert answer(opened("payment failed", by=""), agent("ana")).delivery is None

    def test_sends_no_mail_to_an_address_that_bounced(self) -> None:
        ticket = opened("payment failed")
        ticket.feedback.address.is_reachable = False
        ticket.feedback.address.save()
        assert answer(ticket, agent("ana")).delivery is None

    @pytest.mark.parametrize("origin", [Origin.DEMO, Origin.IMPORT, Origin.DRILL])
    def test_holds_back_what_is_not_live(self, origin: Origin) -> None:
        urgent = opened("payment failed", origin=origin, lane="red", category="tech", urgency=0.9)
        replied = answer(urgent, agent("ana", is_superuser=True))
        assert replied.delivery is not None
        assert replied.delivery.state == DeliveryState.HELD
        assert not OutboxRow.objects.filter(kind="delivery.send").exists()

    def test_takes_the_files_along_that_were_named(self) -> None:
        ticket, ana = opened("payment failed"), agent("ana")
        file = add_draft_file(ticket, IncomingFile("收据.pdf", b"%PDF-1.7"), author=ana, at=NOON)
        replied = answer(ticket, ana, "", file_ids=[file.public_id])
        sent = replied.message.attachments.get()
        assert (sent.filename, sent.content_type, bytes(sent.content)) == (
            "收据.pdf",
            "application/pdf",
            b"%PDF-1.7",
        )
        assert not DraftFile.objects.exists()

    def test_keeps_the_files_when_it_is_refused(self) -> None:
        ticket, ana = opened("payment failed"), agent("ana")
        file = add_draft_file(ticket, IncomingFile("a.pdf", b"%PDF-1.7"), author=ana, at=NOON)
        with pytest.raises(ChangedMeanwhile):
            answer(ticket, ana, file_ids=[file.public_id], version=99)
        assert DraftFile.objects.get() == file

    def test_clears_the_public_draft_and_keeps_the_note(self) -> None:
        ticket, ana = opened("payment failed"), agent("ana")
        keep_draft(ticket, author=ana, is_internal=False, text="We are", at=NOON)
        keep_draft(ticket, author=ana, is_internal=True, text="looks like fraud", at=NOON)
        answer(ticket, ana)
        assert [draft.text for draft in Draft.objects.all()] == ["looks like fraud"]

    def test_refuses_what_was_written_on_an_older_page(self) -> None:
        ticket, ana = opened("payment failed"), agent("ana")
        version = ticket.version
        add_note(ticket, text="duplicate of E-1", actor=agent("bo"), at=NOON)
        with pytest.raises(ChangedMeanwhile):
            answer(ticket, ana, version=version)
        assert ticket.feedback.messages.count() == 1

    def test_refuses_those_who_may_only_read(self) -> None:
        ticket = opened("payment failed")
        for reader in (lead(), agent("cyd", team="other", queue="other")):
            with pytest.raises(CannotWorkOn):
                answer(ticket, reader)

    def test_refuses_an_empty_answer_and_moves_nothing(self) -> None:
        ticket = opened("payment failed")
        with pytest.raises(EmptyMessage):
            answer(ticket, agent("ana"), text=" \n ")
        ticket.refresh_from_db()
        assert ticket.status == Status.NEW

    def test_closes_the_place_in_the_crisis_queue_when_it_solves(self) -> None:
        ticket = opened("我不想活了", lane="red", category="safety", urgency=0.95)
        boss = agent("ana", is_superuser=True)
        answer(ticket, boss, then=Status.SOLVED)
        assert ticket.crisis_places.get().closed_at == LATER
