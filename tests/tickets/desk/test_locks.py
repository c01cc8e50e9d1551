from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import DatabaseError, transaction

from feedback.intake.models import Feedback
from tests.people import NOON, agent, opened
from tests.threads import meanwhile, together
from tickets.desk.locks import ChangedMeanwhile, check_version, hold, hold_threads, touch
from tickets.desk.merging import merge
from tickets.desk.models import Ticket
from tickets.queues.models import Priority

LATER = NOON + timedelta(hours=1)


def is_locked(feedback: Feedback) -> bool:
    """Whether another connection holds ``feedback``."""
    try:
        with transaction.atomic():
            Feedback.objects.select_for_update(nowait=True, of=("self",)).get(pk=feedback.pk)
    except DatabaseError:
        return True
    return False


@pytest.mark.django_db(transaction=True)
class TestHold:
    def test_locks_the_thread_and_all_merged_into_it(self) -> None:
        ana, gone, kept, other = agent("ana"), opened("payment failed"), opened("my money"), opened("a crash")
        merge(gone, into=kept, actor=ana, at=NOON)
        with meanwhile(lambda: hold(kept)):
            assert [is_locked(one.feedback) for one in (gone, kept, other)] == [True, True, False]

    def test_returns_what_the_ticket_is_now(self) -> None:
        stale = opened("payment failed")
        Ticket.objects.filter(pk=stale.pk).update(priority=Priority.HIGH)
        with transaction.atomic():
            assert hold(stale).priority == Priority.HIGH


@pytest.mark.django_db(transaction=True)
class TestHoldThreads:
    def test_lets_no_two_wait_for_each_other(self) -> None:
        one, two = opened("payment failed").pk, opened("my money").pk

        @transaction.atomic
        def work(first: int, second: int) -> bool:
            hold_threads(first, second)
            return True

        assert together(*[partial(work, one, two), partial(work, two, one)] * 3) == [True] * 6


@pytest.mark.django_db
class TestCheckVersion:
    def test_refuses_a_page_older_than_the_ticket(self) -> None:
        ticket = opened("payment failed")
        seen = ticket.version
        check_version(ticket, seen)
        touch(ticket, at=LATER)
        with pytest.raises(ChangedMeanwhile, match=ticket.number):
            check_version(ticket, seen)

    def test_asks_nothing_of_who_saw_no_page(self) -> None:
        check_version(opened("payment failed"), None)


@pytest.mark.django_db
class TestTouch:
    def test_writes_what_changed_and_counts_it(self) -> None:
        ticket = opened("payment failed")
        seen = ticket.version
        touch(ticket, at=LATER, priority=Priority.LOW)
        stored = Ticket.objects.get(pk=ticket.pk)
        for row in (ticket, stored):
            assert (row.priority, row.updated_at, row.version) == (Priority.LOW, LATER, seen + 1)
