"""Load the demo in batches: killed at any point, it resumes when run again; a second run adds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from config.kit.models import JobRun
from config.kit.origins import Origin
from config.kit.outbox.services import quietly
from feedback.analysis.assess import Assessed
from feedback.analysis.search import index_messages, unindexed
from feedback.intake.habits import learn_habits
from feedback.intake.models import Message
from tickets.demo.cast import channels, set_up
from tickets.demo.chronicle import Chronicle
from tickets.demo.conferring import confer
from tickets.demo.corpus import MESSAGES, Case, corpus
from tickets.demo.introducing import introduce
from tickets.demo.knowing import know
from tickets.demo.reading import assess_cases, said
from tickets.demo.staging import Stage, external_id, play
from tickets.demo.watching import watch_the_outbreak
from tickets.summaries.periods import month_of
from tickets.summaries.runs import ask_for
from users.accounts.models import User

STARTED, LOADED = "demo.started", "demo.loaded"
BATCH = 100


@dataclass(frozen=True)
class Progress:
    """Customers' messages loaded so far and in total."""

    messages: int
    of: int


def is_loaded() -> bool:
    """Return whether the whole demo is loaded. One query."""
    return JobRun.objects.filter(job=LOADED).exists()


def load(at: datetime, *, messages: int = MESSAGES, in_parallel: bool = True) -> Iterator[Progress]:
    """Load the demo as of ``at``, or resume the one that was started; commit each batch before yielding Progress.

    The start time is stored, so that a resumed load has the same conversations left. ``in_parallel``: assess in a
    second process while this one writes.
    """
    until = _begun_at(at)
    set_up()
    know(until)
    cases = corpus(until, messages=messages)
    people = introduce(cases)
    stage = Stage(
        channels=channels(),
        agents={user.username: user for user in User.objects.filter(is_staff=True)},
        people=people,
    )
    total = sum(len(said(case)) for case in cases)
    here = set(
        Message.objects.filter(
            channel__in=stage.channels.values(), external_id__startswith="demo:"
        ).values_list("external_id", flat=True)
    )
    missing = [case for case in cases if external_id(case, 0) not in here]
    done = total - sum(len(said(case)) for case in missing)
    yield Progress(done, total)
    with _assessor(in_parallel) as assessor:
        for batch, assessed in _ahead(missing, assessor):
            _write(batch, assessed, stage, until=until)
            done += sum(len(said(case)) for case in batch)
            yield Progress(done, total)
    watch_the_outbreak(until)
    _finish(until)


@transaction.atomic
def _finish(until: datetime) -> None:
    """Mark the demo as loaded; once only, play the scenes and ask for summaries of the last two whole months."""
    learn_habits(None, at=until)
    _run, created = JobRun.objects.get_or_create(job=LOADED, slot=until)
    if created:
        confer(until)
        zone = settings.SUMMARY_TIME_ZONE
        this_month = month_of(until.astimezone(ZoneInfo(zone)).date(), zone)
        for period in this_month.past(2):
            ask_for(period, origins=[Origin.DEMO], actor=None, at=until)


def _write(
    cases: Sequence[Case],
    assessed: Sequence[list[Assessed]],
    stage: Stage,
    *,
    until: datetime,
) -> None:
    """Bulk-insert the cases the chronicle covers, play the rest through the services, index all; all or nothing."""
    chronicle = Chronicle(stage, until=until)
    rest = []
    for case, readings in zip(cases, assessed, strict=True):
        if chronicle.tells(case, readings):
            chronicle.tell(case, readings)
        else:
            rest.append((case, readings))
    with transaction.atomic(), quietly():
        chronicle.write()
        for case, readings in rest:
            play(case, stage, readings, until=until)
        index_messages(list(unindexed().select_related("feedback")))


def _begun_at(at: datetime) -> datetime:
    begun = JobRun.objects.filter(job=STARTED).order_by("slot").first()
    if begun is None:
        begun = JobRun.objects.create(job=STARTED, slot=at.replace(second=0, microsecond=0))
    return begun.slot


@contextmanager
def _assessor(in_parallel: bool) -> Iterator[ProcessPoolExecutor | None]:
    """Provide a second process that assesses. Spawned, not forked, since this one holds a database connection."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn")) if in_parallel else nullcontext()
    with pool as assessor:
        yield assessor


def _ahead(
    cases: Sequence[Case], assessor: ProcessPoolExecutor | None
) -> Iterator[tuple[list[Case], list[list[Assessed]]]]:
    """Yield batches with their assessments; the next ones are assessed while the caller writes this one."""
    rest = iter(cases)
    batches = iter(lambda: list(islice(rest, BATCH)), [])
    if assessor is None:
        for batch in batches:
            yield batch, assess_cases(batch)
        return
    waiting: list[tuple[list[Case], Future[list[list[Assessed]]]]] = []
    for batch in batches:
        waiting.append((batch, assessor.submit(assess_cases, batch)))
        if len(waiting) > 2:
            first, future = waiting.pop(0)
            yield first, future.result()
    for first, future in waiting:
        yield first, future.result()
