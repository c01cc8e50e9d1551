from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from feedback.analysis.models import UrgencyLane
from feedback.intake.models import Direction, FeedbackState, Message
from tests.people import NOON, agent, opened, said
from tests.threads import together
from tickets.desk.access import CannotWorkOn
from tickets.desk.crisis_places import acknowledge, call_false_alarm
from tickets.desk.merging import CannotMerge, CannotUnmerge, TicketsAreOne, merge, threads_of, unmerge
from tickets.desk.models import EventKind, Status, Ticket
from tickets.desk.services import add_note
from tickets.desk.snoozing import snooze
from tickets.desk.transitions import WasMerged, move
from tickets.replies.models import Delivery
from tickets.replies.services import reply
from tickets.routing.services import admit
from users.profiles.merging import merge as merge_customers
from users.profiles.merging import unmerge as part_customers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]

LATER = NOON + timedelta(hours=1)
URGENT: dict[str, Any] = {"lane": UrgencyLane.RED, "category": "safety", "urgency": 0.9}


@pytest.fixture
def gone() -> Ticket:
    return opened("Payment failed twice")


@pytest.fixture
def kept() -> Ticket:
    return opened("Where is my money?")


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("feedback", "merged_into").get(pk=ticket.pk)


def heard(
    ticket: Ticket,
    text: str,
    *,
    at: Any = LATER,
    flags: tuple[str, ...] = (),
    category: str = "",
    **fields: Any,
) -> Ticket | None:
    """Let the customer write again in the thread of ``ticket``."""
    message = said(text, thread=ticket.feedback, at=at).message
    assessment = Message.objects.get(feedback=ticket.feedback, assessment__isnull=False).assessment
    assessment.pk, assessment.message, assessment.flags = None, message, list(flags)
    assessment.categories = [[category, 0.9]] if category else []
    for name, value in fields.items():
        setattr(assessment, name, value)
    assessment.save(force_insert=True)
    return admit(message, assessment, at=at)


class TestMerge:
    def test_closes_the_one_that_goes_without_calling_it_solved(self, ana, gone, kept) -> None:
        merge(gone, into=kept, actor=ana, at=LATER)
        closed = fresh(gone)
        assert (closed.status, closed.merged_into, closed.due_at) == (Status.CLOSED, kept, None)
        assert closed.solved_at is None
        assert Ticket.objects.active().filter(pk=gone.pk).count() == 0

    def test_writes_the_history_of_both(self, ana, gone, kept) -> None:
        merge(gone, into=kept, actor=ana, at=LATER)
        assert gone.events.get(kind=EventKind.MERGED).new == kept.number
        assert kept.events.get(kind=EventKind.MERGED).old == gone.number

    def test_shows_the_customer_the_state_of_the_one_that_stays(self, ana, gone, kept) -> None:
        merge(gone, into=kept, actor=ana, at=LATER)
        move(fresh(kept), Status.SOLVED, actor=ana, at=LATER)
        assert fresh(gone).feedback.state == FeedbackState.SOLVED

    def test_tells_the_customer_with_which_thread_theirs_is_handled(self, ana, gone, kept) -> None:
        third = opened("Third")
        merge(third, into=gone, actor=ana, at=NOON)
        merge(gone, into=kept, actor=ana, at=LATER)
        assert fresh(gone).feedback.handled_with == kept.feedback
        assert fresh(third).feedback.handled_with == kept.feedback
        unmerge(fresh(gone), actor=ana, at=LATER)
        assert fresh(gone).feedback.handled_with is None
        assert fresh(third).feedback.handled_with == gone.feedback

    def test_lets_what_waits_for_us_go_on_waiting(self, ana, gone, kept) -> None:
        move(fresh(kept), Status.SOLVED, actor=ana, at=NOON)
        merge(gone, into=kept, actor=ana, at=LATER)
        assert fresh(kept).status == Status.WAITING_ON_US

    def test_keeps_the_earlier_deadline(self, ana, gone, kept) -> None:
        early = NOON + timedelta(minutes=3)
        Ticket.objects.filter(pk=gone.pk).update(due_at=early)
        merge(gone, into=kept, actor=ana, at=LATER)
        assert fresh(kept).due_at == early

    def test_hides_from_others_what_was_sensitive(self, ana, kept) -> None:
        hidden = opened("secret", flags=["sensitive"])
        crisis = agent("cleo", is_crisis_team=True)
        merge(hidden, into=kept, actor=crisis, at=LATER)
        assert not Ticket.objects.visible_to(ana).filter(pk=kept.pk).exists()

    def test_takes_along_what_was_merged_before(self, ana, gone, kept) -> None:
        third = opened("Third")
        merge(third, into=gone, actor=ana, at=NOON)
        merge(gone, into=kept, actor=ana, at=LATER)
        assert fresh(third).merged_into == kept
        assert set(threads_of(kept)) == {kept.feedback_id, gone.feedback_id, third.feedback_id}

    def test_refuses_two_customers(self, ana, gone) -> None:
        other = opened("Lin's", by="lin@example.org")
        with pytest.raises(CannotMerge, match="two customers"):
            merge(gone, into=other, actor=ana, at=LATER)
        merge_customers(gone.feedback.customer, other.feedback.customer, actor=ana, at=NOON)
        merge(gone, into=other, actor=ana, at=LATER)

    def test_refuses_itself_and_what_was_merged(self, ana, gone, kept) -> None:
        with pytest.raises(CannotMerge, match="same ticket"):
            merge(gone, into=gone, actor=ana, at=LATER)
        merge(gone, into=kept, actor=ana, at=LATER)
        for ticket, into in ((gone, opened("x")), (opened("y"), gone)):
            with pytest.raises(WasMerged):
                merge(ticket, into=into, actor=ana, at=LATER)

    def test_refuses_who_may_not_work_on_both(self, gone) -> None:
        cyd = agent("cyd", team="other", queue="other")
        theirs = opened("x", queue="other")
        with pytest.raises(CannotWorkOn):
            merge(theirs, into=gone, actor=cyd, at=LATER)
        assert fresh(theirs).merged_into is None

    def test_leaves_no_urgent_ticket_without_someone(self, ana, kept) -> None:
        cleo = agent("cleo", is_crisis_team=True)
        one, two = opened("help", **URGENT), opened("help me", **URGENT)
        with pytest.raises(CannotMerge, match="other way round"):
            merge(one, into=kept, actor=cleo, at=LATER)
        with pytest.raises(CannotMerge, match="take it"):
            merge(one, into=two, actor=cleo, at=LATER)
        acknowledge(one.crisis_places.get(), actor=cleo, at=NOON)
        merge(one, into=two, actor=cleo, at=LATER)
        assert one.crisis_places.get().closed_at == LATER
        assert two.crisis_places.get().closed_at is None


class TestMergedTickets:
    @pytest.fixture(autouse=True)
    def _merged(self, ana, gone, kept) -> None:
        merge(gone, into=kept, actor=ana, at=NOON)

    def test_hear_the_customer_on_the_one_that_stayed(self, ana, gone, kept) -> None:
        reply(kept, text="Paid back.", author=ana, at=NOON, language="en")
        assert heard(gone, "no, it is not") == kept
        assert fresh(kept).status == Status.WAITING_ON_US
        assert fresh(gone).status == Status.CLOSED

    def test_show_the_answer_in_each_thread_and_send_it_once(self, ana, gone, kept) -> None:
        replied = reply(kept, text="Paid back.", author=ana, at=LATER, language="en")
        answers = Message.objects.filter(direction=Direction.OUT, text="Paid back.")
        assert {one.feedback_id for one in answers} == {kept.feedback_id, gone.feedback_id}
        assert [one.message for one in Delivery.objects.all()] == [replied.message]

    def test_send_to_each_address_of_the_person(self, ana, kept) -> None:
        other = opened("again", by="kim@work.example")
        merge_customers(kept.feedback.customer, other.feedback.customer, actor=ana, at=NOON)
        merge(other, into=kept, actor=ana, at=NOON)
        reply(kept, text="Paid back.", author=ana, at=LATER, language="en")
        told = {one.address.value: one.message.feedback_id for one in Delivery.objects.all()}
        assert told == {"kim@example.org": kept.feedback_id, "kim@work.example": other.feedback_id}

    def test_are_not_worked_on_where_they_were(self, ana, gone) -> None:
        with pytest.raises(WasMerged, match="undo the merge"):
            reply(gone, text="x", author=ana, at=LATER, language="en")
        with pytest.raises(WasMerged):
            move(fresh(gone), Status.OPEN, actor=ana, at=LATER)


class TestSecrecy:
    """What only the crisis team may read must not stand open in the ticket that was merged away."""

    def test_hides_both_when_the_one_that_stays_is_sensitive(self, ana, gone, kept) -> None:
        Ticket.objects.filter(pk=kept.pk).update(is_sensitive=True)
        merge(gone, into=fresh(kept), actor=agent("cris", is_crisis_team=True), at=LATER)
        assert not Ticket.objects.visible_to(ana).filter(pk__in=[gone.pk, kept.pk]).exists()

    def test_hides_both_when_something_sensitive_is_said_in_the_thread_that_went(
        self, ana, gone, kept
    ) -> None:
        merge(gone, into=kept, actor=ana, at=LATER)
        heard(gone, "I cut myself again", flags=("sensitive",))
        assert not Ticket.objects.visible_to(ana).filter(pk__in=[gone.pk, kept.pk]).exists()

    def test_hides_both_when_something_sensitive_is_said_in_the_thread_that_stays(
        self, ana, gone, kept
    ) -> None:
        merge(gone, into=kept, actor=ana, at=LATER)
        heard(kept, "I cut myself again", flags=("sensitive",))
        assert not Ticket.objects.visible_to(ana).filter(pk__in=[gone.pk, kept.pk]).exists()

    def test_stays_when_they_are_parted_again(self, ana, gone, kept) -> None:
        merge(gone, into=kept, actor=ana, at=LATER)
        heard(gone, "I cut myself again", flags=("sensitive",))
        unmerge(fresh(gone), actor=agent("cris", is_crisis_team=True), at=LATER)
        assert not Ticket.objects.visible_to(ana).filter(pk=gone.pk).exists()


class TestUnmerge:
    def test_gives_back_what_was(self, ana, gone, kept) -> None:
        before = fresh(gone)
        merge(gone, into=kept, actor=ana, at=LATER)
        unmerge(fresh(gone), actor=ana, at=LATER)
        after = fresh(gone)
        for name in ("status", "merged_into", "due_at", "queue", "priority", "assignee"):
            assert getattr(after, name) == getattr(before, name), name
        assert after.feedback.state == before.feedback.state

    def test_gives_back_what_had_been_merged_into_it(self, ana, gone, kept) -> None:
        third = opened("Third")
        merge(third, into=gone, actor=ana, at=NOON)
        merge(gone, into=kept, actor=ana, at=LATER)
        unmerge(fresh(gone), actor=ana, at=LATER)
        assert fresh(third).merged_into == gone

    def test_waits_for_us_when_the_customer_wrote_meanwhile(self, ana, gone, kept) -> None:
        move(fresh(gone), Status.WAITING_ON_CUSTOMER, actor=ana, at=NOON)
        merge(gone, into=kept, actor=ana, at=NOON)
        heard(gone, "hello?")
        unmerge(fresh(gone), actor=ana, at=LATER)
        assert fresh(gone).status == Status.WAITING_ON_US

    def test_waits_for_us_when_the_customer_wrote_in_what_had_been_merged_into_it(
        self, ana, gone, kept
    ) -> None:
        third = opened("Third")
        merge(third, into=gone, actor=ana, at=NOON)
        move(fresh(gone), Status.WAITING_ON_CUSTOMER, actor=ana, at=NOON)
        merge(gone, into=kept, actor=ana, at=NOON)
        heard(third, "hello?")
        unmerge(fresh(gone), actor=ana, at=LATER)
        assert fresh(gone).status == Status.WAITING_ON_US

    def test_gives_back_until_when_it_was_put_aside(self, ana, gone, kept) -> None:
        monday = LATER + timedelta(days=3)
        snooze(fresh(gone), until=monday, actor=ana, at=NOON)
        merge(gone, into=kept, actor=ana, at=LATER)
        assert fresh(gone).snoozed_until is None
        unmerge(fresh(gone), actor=ana, at=LATER)
        assert (fresh(gone).status, fresh(gone).snoozed_until) == (Status.ON_HOLD, monday)

    def test_gives_back_its_place_in_the_crisis_queue_to_who_had_taken_it(self) -> None:
        cleo = agent("cleo", is_crisis_team=True)
        one, two = opened("help", **URGENT), opened("help me", **URGENT)
        acknowledge(one.crisis_places.get(), actor=cleo, at=NOON)
        merge(one, into=two, actor=cleo, at=LATER)
        unmerge(fresh(one), actor=cleo, at=LATER)
        place = one.crisis_places.get()
        assert (place.closed_at, place.acknowledged_by, place.next_step_at) == (None, cleo, None)

    def test_takes_along_what_was_urgent_in_its_thread_meanwhile(self, ana, gone, kept) -> None:
        cleo = agent("cleo", is_crisis_team=True)
        merge(gone, into=kept, actor=ana, at=NOON)
        heard(gone, "help", **URGENT)
        with pytest.raises(CannotUnmerge, match="take it"):
            unmerge(fresh(gone), actor=cleo, at=LATER)
        acknowledge(kept.crisis_places.get(), actor=cleo, at=LATER)
        unmerge(fresh(gone), actor=cleo, at=LATER)
        place, parted = gone.crisis_places.get(), fresh(gone)
        assert (place.closed_at, place.lane, place.acknowledged_by) == (None, UrgencyLane.RED, cleo)
        assert (parted.lane, parted.category, parted.assignee) == (UrgencyLane.RED, "safety", cleo)
        assert parted.queue.is_crisis

    def test_sounds_no_alarm_for_what_was_urgent_and_is_over(self, ana, gone, kept) -> None:
        cleo = agent("cleo", is_crisis_team=True)
        merge(gone, into=kept, actor=ana, at=NOON)
        heard(gone, "help", **URGENT)
        call_false_alarm(kept.crisis_places.get(), reason="a song", actor=cleo, at=LATER)
        unmerge(fresh(gone), actor=ana, at=LATER)
        assert not gone.crisis_places.exists()

    def test_can_be_done_once_and_the_merge_again(self, ana, gone, kept) -> None:
        merge(gone, into=kept, actor=ana, at=NOON)
        unmerge(fresh(gone), actor=ana, at=LATER)
        with pytest.raises(CannotUnmerge):
            unmerge(fresh(gone), actor=ana, at=LATER)
        merge(gone, into=kept, actor=ana, at=LATER)
        assert fresh(gone).merged_into == kept


class TestPartingCustomers:
    def test_is_refused_while_a_ticket_of_one_goes_on_in_one_of_the_other(self, ana, gone) -> None:
        lins = opened("Lin's", by="lin@example.org")
        merged = merge_customers(lins.feedback.customer, gone.feedback.customer, actor=ana, at=NOON)
        merge(gone, into=lins, actor=ana, at=NOON)
        with pytest.raises(TicketsAreOne, match=gone.number):
            part_customers(merged, actor=ana, at=LATER)
        assert fresh(gone).feedback.customer.merged_into == lins.feedback.customer
        unmerge(fresh(gone), actor=ana, at=LATER)
        part_customers(merged, actor=ana, at=LATER)
        reply(fresh(lins), text="Lin, your address is …", author=ana, at=LATER, language="en")
        assert Message.objects.get(direction=Direction.OUT).feedback == lins.feedback

    def test_minds_whoever_was_merged_into_them_before(self, ana, gone) -> None:
        mays, lins = (opened("…", by=f"{name}@example.org") for name in ("may", "lin"))
        merge_customers(mays.feedback.customer, gone.feedback.customer, actor=ana, at=NOON)
        merged = merge_customers(lins.feedback.customer, mays.feedback.customer, actor=ana, at=NOON)
        merge(lins, into=gone, actor=ana, at=NOON)
        with pytest.raises(TicketsAreOne):
            part_customers(merged, actor=ana, at=LATER)

    def test_lets_those_go_whose_tickets_were_merged_with_their_own(self, ana, gone, kept) -> None:
        lins = opened("Lin's", by="lin@example.org")
        merged = merge_customers(lins.feedback.customer, gone.feedback.customer, actor=ana, at=NOON)
        merge(gone, into=kept, actor=ana, at=NOON)
        part_customers(merged, actor=ana, at=LATER)
        assert fresh(gone).feedback.customer.merged_into is None


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_a_merge_waits_for_its_customers_to_be_parted(self, ana, gone) -> None:
        lins = opened("Lin's", by="lin@example.org")
        merged = merge_customers(lins.feedback.customer, gone.feedback.customer, actor=ana, at=NOON)
        results: list[object] = []

        def late() -> None:
            try:
                results.append(merge(gone, into=lins, actor=ana, at=LATER))
            except CannotMerge as refused:
                results.append(refused)
            finally:
                connection.close()

        with transaction.atomic():
            part_customers(merged, actor=ana, at=LATER)
            racer = threading.Thread(target=late)
            racer.start()
            racer.join(0.3)
            assert racer.is_alive()
        racer.join()
        assert [type(one) for one in results] == [CannotMerge]

    def test_two_merges_of_a_pair_each_other_way_leave_one(self, ana, gone, kept) -> None:
        results = together(
            lambda: merge(gone, into=kept, actor=ana, at=LATER),
            lambda: merge(kept, into=gone, actor=ana, at=LATER),
        )
        assert sum(isinstance(one, WasMerged) for one in results) == 1
        assert Ticket.objects.exclude(merged_into=None).count() == 1

    def test_an_answer_waits_for_a_merge_and_reaches_both_threads(self, ana, gone, kept) -> None:
        answered = threading.Event()

        def answer() -> None:
            try:
                reply(kept, text="Paid back.", author=ana, at=LATER, language="en")
            finally:
                answered.set()
                connection.close()

        with transaction.atomic():
            merge(gone, into=kept, actor=ana, at=NOON)
            racer = threading.Thread(target=answer)
            racer.start()
            assert not answered.wait(0.3)
        racer.join()
        answers = Message.objects.filter(direction=Direction.OUT)
        assert {one.feedback_id for one in answers} == {kept.feedback_id, gone.feedback_id}
        add_note(fresh(kept), text="x", actor=ana, at=LATER)
