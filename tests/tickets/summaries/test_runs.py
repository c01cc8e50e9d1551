import uuid
from datetime import UTC, date, datetime

import pytest
from django.db.models.functions import Now

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_one
from feedback.analysis.models import Assessment
from feedback.themes.services import BeingGrouped
from tests.months import CRASH, say_all
from tests.people import lead, said
from tickets.summaries import runs
from tickets.summaries.models import Summary, SummaryRun
from tickets.summaries.periods import month_of
from tickets.summaries.runs import ask_for, cancel_run, draft_last_month, draft_last_week, overall
from tickets.summaries.services import publish
from users.profiles.holdings import holdings

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 3, tzinfo=UTC)
# Before the database's now: what is owed at AT is due.
AT = datetime(2026, 11, 20, tzinfo=UTC)


def ask(**fields):
    return ask_for(month_of(date(2026, 11, 1), "UTC"), origins=["live"], actor=None, at=AT, **fields)


def work():
    """Do what a text worker does until nothing is owed; return how many rows that were."""
    done = 0
    OutboxRow.objects.exclude(lane=Lane.TEXT).delete()
    while run_one(Lane.TEXT, at=AT, by="test"):
        done += 1
    return done


class TestAskFor:
    def test_has_the_period_counted_by_a_worker(self):
        say_all(CRASH, at=NOVEMBER)
        run = ask()
        assert work() == 1
        run.refresh_from_db()
        assert run.summary == Summary.objects.get()
        assert (run.per_cent, run.finished_at is None) == (100, False)

    def test_assesses_in_blocks_first_and_counts_after_the_last(self, monkeypatch):
        monkeypatch.setattr(runs, "MESSAGES_A_PART", 3)
        for number, text in enumerate(CRASH):
            said(text, by=f"p{number}@example.org", at=NOVEMBER)
        run = ask()
        assert run.parts.count() == 3
        assert work() == 4
        run.refresh_from_db()
        assert Assessment.objects.count() == 8
        assert run.summary.message_count == 8

    def test_loses_one_block_with_a_killed_worker_and_counts_once_it_is_done_again(self, monkeypatch):
        monkeypatch.setattr(runs, "MESSAGES_A_PART", 3)
        for number, text in enumerate(CRASH):
            said(text, by=f"p{number}@example.org", at=NOVEMBER)
        run = ask()
        # Its worker claimed the first block and died: nobody else may touch it while the lease runs.
        first = OutboxRow.objects.filter(kind=runs.PART).order_by("id").first()
        OutboxRow.objects.filter(pk=first.pk).update(
            attempts=1, lease_token=uuid.uuid4(), lease_until=datetime(2100, 1, 1, tzinfo=UTC)
        )
        assert work() == 2, "the other blocks go on"
        assert list(run.parts.filter(done_at=None).values_list("pk", flat=True)) == [first.subject_id]
        assert Assessment.objects.count() == 5
        OutboxRow.objects.filter(pk=first.pk).update(lease_until=NOVEMBER)
        assert work() == 2, "the lost block and the count"
        run.refresh_from_db()
        assert run.summary.message_count == 8

    def test_is_one_run_however_often_asked(self):
        say_all(CRASH, at=NOVEMBER)
        assert ask() == ask()
        assert work() == 1
        assert ask() != SummaryRun.objects.order_by("id").first()

    def test_notes_why_nothing_came_of_it(self):
        run = ask()
        work()
        run.refresh_from_db()
        assert run.finished_at
        assert "Nothing was said" in run.refusal
        assert run.summary is None

    def test_waits_while_another_counts(self, monkeypatch):
        say_all(CRASH, at=NOVEMBER)
        run = ask()

        def counts_already(*args, **kwargs):
            raise BeingGrouped("try again in a minute")

        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(runs, "summarise", counts_already)
            assert work() == 1
        row = OutboxRow.objects.get()
        assert (row.attempts, row.done_at, row.last_error) == (0, None, "")
        run.refresh_from_db()
        assert (run.finished_at, run.refusal) == (None, "")
        OutboxRow.objects.update(due_at=Now())
        assert work() == 1
        run.refresh_from_db()
        assert run.summary == Summary.objects.get()

    def test_stops_when_cancelled(self, monkeypatch):
        monkeypatch.setattr(runs, "_SECONDS_BETWEEN_NOTES", 0)
        say_all(CRASH, at=NOVEMBER)
        run = ask()
        cancel_run(run.pk, at=AT)
        work()
        assert not Summary.objects.exists()


class TestDraftLastMonth:
    def test_asks_for_what_people_really_said_in_the_month_before(self):
        draft_last_month(datetime(2026, 11, 30, 22, tzinfo=UTC))  # the 1st of December in Shanghai
        run = SummaryRun.objects.get()
        assert (run.start_at, run.origins) == (datetime(2026, 10, 31, 16, tzinfo=UTC), ["live"])


class TestDraftLastWeek:
    def test_asks_on_monday_for_the_week_before(self):
        draft_last_week(datetime(2026, 11, 29, 22, 30, tzinfo=UTC))  # Monday the 30th in Shanghai
        run = SummaryRun.objects.get()
        assert (run.kind, run.origins) == ("week", ["live"])
        assert (run.start_at, run.end_at) == (
            datetime(2026, 11, 22, 16, tzinfo=UTC),
            datetime(2026, 11, 29, 16, tzinfo=UTC),
        )


class TestOverall:
    def test_rises_from_step_to_step(self):
        shares = [overall(step, 1) for step in runs.STEPS]
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(1)


class TestErasure:
    def test_empties_the_quotes_of_a_published_summary_and_leaves_its_numbers(self):
        say_all(CRASH, at=NOVEMBER)
        ask()
        work()
        summary = publish(Summary.objects.get(), actor=lead(), at=AT)
        point = summary.pain_points.get()
        quote = point.quotes.exclude(text="").first()
        holding = next(one for one in holdings() if one.name == "quotes")
        customer = quote.message.feedback.customer
        assert [row["text"] for row in holding.export(customer)] == [quote.text]
        holding.erase(customer, AT)
        quote.refresh_from_db()
        point.refresh_from_db()
        assert quote.text == ""
        assert point.people_count == 8
        assert list(holding.export(customer)) == []
