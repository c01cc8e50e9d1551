"""Bulk-insert the demo's conversations: the same rows that the services would have written.

The services need minutes for half a year of conversations, but a first start should take seconds. So the rows
are computed here and inserted in bulk; ``tests/tickets/demo/test_chronicle.py`` plays the same conversations
both ways and compares every row. ``tells`` rejects conversations that the rules below do not cover; those are
played through the services (``staging.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from config.kit.origins import Origin
from config.kit.text import clean_line, clean_text, digest
from feedback.analysis.assess import Assessed
from feedback.analysis.encoder import ENCODER
from feedback.analysis.models import Assessment, Correction, MessageVector, UrgencyLane
from feedback.analysis.services import assessment_of
from feedback.intake.models import Direction, Feedback, FeedbackState, Message, Rating
from feedback.intake.ratings import OVER as STATES_OVER
from feedback.intake.screen import screen
from tickets.demo.corpus import Case
from tickets.demo.staging import CRISIS_DESK, FALSE_ALARM_AFTER, Stage, actor_of, external_id, false_alarm
from tickets.demo.story import Step
from tickets.desk.clocks import kept, next_deadline, set_deadlines, start_anew
from tickets.desk.crisis_places import PAGING_ORIGINS, is_urgent
from tickets.desk.hearing import rescore
from tickets.desk.models import CrisisPlace, EventKind, Status, Tag, Ticket, TicketEvent
from tickets.desk.opening import Opening, Plan, ticket_of
from tickets.desk.transitions import MOVES, OVER, SHOWN_AS, next_due
from tickets.queues.models import Priority
from tickets.queues.services import chain_of, deadlines, default_queue, escalation_policy, frozen
from tickets.replies.deliveries import external_id_of
from tickets.replies.models import Delivery, DeliveryState
from tickets.replies.services import address_of
from tickets.routing.services import asks_nothing, facts_of, plan_for, urgent_plan
from users.accounts.models import User
from users.profiles.models import Customer

#: In insertion order: each model comes after those it refers to.
_MODELS: tuple[type[Model], ...] = (
    Customer, Feedback, Message, Assessment, MessageVector, Correction, Ticket, CrisisPlace, TicketEvent,
    Delivery, Rating,
)  # fmt: skip


class Chronicle:
    """Collects the rows of conversations; ``write`` inserts them."""

    def __init__(self, stage: Stage, *, until: datetime) -> None:
        self.stage = stage
        self.until = until
        self.keys = {model: keys_of(model) for model in (Customer, Feedback, Message, Ticket, CrisisPlace)}
        self._rows: dict[type[Model], list[Model]] = {model: [] for model in _MODELS}
        self._tags: list[tuple[Ticket, str]] = []

    def tells(self, case: Case, assessed: Sequence[Assessed]) -> bool:
        """Whether the rules here cover ``case``: only its first message may be urgent."""
        is_past_looking = case.opened_at + FALSE_ALARM_AFTER < self.until
        later = (one.lane == "none" or (one.lane == "amber" and not one.pages) for one in assessed[1:])
        return is_past_looking and all(later)

    def tell(self, case: Case, assessed: Sequence[Assessed]) -> None:
        """Add the rows of ``case``. Call it outside a transaction: inside one, queues and rules are read every time."""
        _Telling(self, case).go(assessed)

    def add(self, row: Any) -> Any:
        """Collect ``row`` for ``write`` and return it."""
        self._rows[type(row)].append(row)
        return row

    def tag(self, ticket: Ticket, names: Sequence[str]) -> None:
        self._tags += [(ticket, name) for name in names]

    @transaction.atomic
    def write(self) -> None:
        """Insert all rows collected so far and clear them. A dozen queries."""
        for model in _MODELS:
            model._default_manager.bulk_create(self._rows[model])
            self._rows[model] = []
        tags = {name: Tag.objects.get_or_create(name=name)[0] for name in {name for _, name in self._tags}}
        Ticket.tags.through._default_manager.bulk_create(
            Ticket.tags.through(ticket_id=ticket.pk, tag_id=tags[name].pk) for ticket, name in self._tags
        )
        self._tags = []


class _Telling:
    """One conversation: its rows so far, updated with each step."""

    def __init__(self, chronicle: Chronicle, case: Case) -> None:
        self.chronicle = chronicle
        self.stage = chronicle.stage
        self.case = case
        self.ticket: Ticket | None = None
        self.place: CrisisPlace | None = None
        self.feedback = self._feedback()

    def go(self, assessed: Sequence[Assessed]) -> None:
        readings: Iterator[Assessed] = iter(assessed)
        for number, step in enumerate(self.case.steps):
            if step.does == "say":
                self._say(step, number, next(readings))
            elif step.does == "rate":
                self._rate(step)
            elif self.ticket is not None:
                self._act(step, self.ticket)

    def _feedback(self) -> Feedback:
        case, opened_at = self.case, self.case.opened_at
        if case.is_anonymous:
            customer = self.chronicle.add(
                Customer(pk=next(self.chronicle.keys[Customer]), created_at=opened_at, origin=Origin.DEMO)
            )
            address = None
        else:
            customer = self.stage.people.customers[case.person.number]
            address = self.stage.people.addresses.get(case.person.number)
        feedback: Feedback = self.chronicle.add(
            Feedback(
                pk=next(self.chronicle.keys[Feedback]),
                channel=self.stage.channels[case.channel],
                customer=customer,
                address=address,
                subject=clean_line(case.headline),
                topic_hint=case.topic_hint,
                rating=case.rating,
                app_version=case.app_version,
                platform=case.platform,
                device=case.device,
                page=case.page,
                origin=Origin.DEMO,
                received_at=opened_at,
                last_message_at=opened_at,
            )
        )
        return feedback

    # What the customer does

    def _say(self, step: Step, number: int, assessed: Assessed) -> None:
        text = clean_text(step.text)
        name = "" if self.case.is_anonymous else self.case.person.name
        message: Message = self.chronicle.add(
            Message(
                pk=next(self.chronicle.keys[Message]),
                feedback=self.feedback,
                channel=self.feedback.channel,
                external_id=external_id(self.case, number),
                content_hash=digest(text.encode()),
                text=text,
                author_name=clean_line(name),
                danger_hits=[asdict(hit) for hit in screen(text)],
                origin=Origin.DEMO,
                sent_at=step.at,
                received_at=step.at,
            )
        )
        self.feedback.last_message_at = max(self.feedback.last_message_at, step.at)
        assessment = self.chronicle.add(assessment_of(message, assessed, at=step.at))
        if assessed.vector is not None:
            self.chronicle.add(MessageVector(message=message, vector=assessed.vector, encoder=ENCODER))
        if self.ticket is not None:
            self._hear(self.ticket, message, assessment)
        elif number == 0 and not is_urgent(assessment) and asks_nothing(message, assessment):
            self.feedback.state = FeedbackState.CLOSED
        else:
            self._open(message, assessment)
        if self.place is not None and not self.case.is_urgent:
            self._stand_down(self.place, message, at=step.at + FALSE_ALARM_AFTER)

    def _open(self, message: Message, assessment: Assessment) -> None:
        at = message.received_at
        plan = self._plan(assessment)
        limits = deadlines(plan.priority, at=at)
        self.ticket = ticket_of(Opening(message, assessment, plan), limits=limits, at=at)
        self.ticket.pk = next(self.chronicle.keys[Ticket])
        self.chronicle.add(self.ticket)
        self.chronicle.tag(self.ticket, plan.tags)
        self._event(EventKind.OPENED, at, new=plan.queue.slug, details={"message": message.pk})
        if is_urgent(assessment):
            policy = frozen(escalation_policy(assessment.category))
            self.place = self.chronicle.add(
                CrisisPlace(
                    pk=next(self.chronicle.keys[CrisisPlace]),
                    ticket=self.ticket,
                    category=assessment.category,
                    lane=assessment.lane,
                    policy=policy,
                    entered_at=at,
                    ack_due_at=at + chain_of(policy).acknowledge_within,
                    may_page=Origin.DEMO in PAGING_ORIGINS,
                )
            )
            details = {"place": self.place.pk, "lane": assessment.lane, "message": message.pk}
            self._event(EventKind.CRISIS_ENTERED, at, new=assessment.category, details=details)

    def _plan(self, assessment: Assessment) -> Plan:
        return urgent_plan() if is_urgent(assessment) else plan_for(facts_of(self.feedback, assessment))

    def _hear(self, ticket: Ticket, message: Message, assessment: Assessment) -> None:
        at = message.received_at
        self._event(EventKind.MESSAGE_IN, at, details={"message": message.pk})
        rescore(ticket, message, assessment)
        if Status(ticket.status) in (*OVER, Status.WAITING_ON_CUSTOMER, Status.ON_HOLD):
            start_anew(ticket, at=at)
            self._move(ticket, Status.WAITING_ON_US, None, at)

    def _rate(self, step: Step) -> None:
        if self.feedback.state in STATES_OVER:
            comment = clean_text(step.text)
            self.chronicle.add(Rating(feedback=self.feedback, score=step.score, comment=comment, at=step.at))

    # What agents and time do

    def _act(self, step: Step, ticket: Ticket) -> None:
        actor = actor_of(step, ticket, self.stage)
        if step.does == "take":
            self._take(ticket, actor, step.at)
        elif step.does == "answer":
            self._answer(ticket, step, actor)
        elif step.does == "note":
            self._event(EventKind.NOTED, step.at, actor=actor, note=clean_text(step.text))
        else:
            to = Status.SOLVED if step.does == "solve" else Status.CLOSED
            if to in MOVES[Status(ticket.status)]:
                self._move(ticket, to, actor if step.does == "solve" else None, step.at)

    def _take(self, ticket: Ticket, actor: User, at: datetime) -> None:
        self._acknowledge(actor, at)
        if ticket.assignee_id == actor.pk:
            return
        old, ticket.assignee = ticket.assignee, actor
        if ticket.status == Status.NEW:
            self._move(ticket, Status.OPEN, actor, at)
        self._event(EventKind.ASSIGNED, at, actor=actor, old=old.username if old else "", new=actor.username)

    def _acknowledge(self, actor: User, at: datetime) -> None:
        if self.place is not None and self.place.acknowledged_at is None:
            self.place.acknowledged_at, self.place.acknowledged_by = at, actor
            self._event(EventKind.CRISIS_ACKNOWLEDGED, at, actor=actor, details={"place": self.place.pk})

    def _answer(self, ticket: Ticket, step: Step, actor: User) -> None:
        text = clean_text(step.text)
        message: Message = self.chronicle.add(
            Message(
                pk=next(self.chronicle.keys[Message]),
                feedback=self.feedback,
                channel=self.feedback.channel,
                direction=Direction.OUT,
                external_id=f"out:{external_id(self.case, self.case.steps.index(step))}",
                content_hash=digest(text.encode()),
                text=text,
                author=actor,
                author_name=actor.name,
                origin=Origin.DEMO,
                sent_at=step.at,
                received_at=step.at,
            )
        )
        self.feedback.last_message_at = step.at
        promise = {} if ticket.first_replied_at else kept(ticket.first_reply_due_at, at=step.at)
        self._event(EventKind.REPLIED, step.at, actor=actor, details={"message": message.pk, **promise})
        ticket.first_replied_at = ticket.first_replied_at or step.at
        ticket.last_agent_at = step.at
        if ticket.due_at is not None:
            ticket.due_at = ticket.solve_due_at
        self._acknowledge(actor, step.at)
        if step.then != ticket.status:
            self._move(ticket, Status(step.then), actor, step.at)
        address = address_of(self.feedback)
        if address is not None:
            self.chronicle.add(
                Delivery(
                    message=message,
                    address=address,
                    state=DeliveryState.HELD,
                    language=self.case.answered_in,
                    created_at=step.at,
                    external_id=external_id_of(message),
                )
            )

    def _stand_down(self, place: CrisisPlace, message: Message, *, at: datetime) -> None:
        """Call a false alarm, as the crisis desk would, and move the ticket to its ordinary queue and priority."""
        assert self.ticket is not None
        ticket, actor = self.ticket, self.stage.agents[CRISIS_DESK]
        reason = false_alarm(self.case)
        place.closed_at, place.false_alarm_reason = at, reason
        self._event(EventKind.CRISIS_FALSE_ALARM, at, actor=actor, note=reason, details={"place": place.pk})
        self.chronicle.add(
            Correction(
                message=message,
                field="lane",
                old=place.lane,
                new=UrgencyLane.NONE,
                reason=reason,
                actor=actor,
                at=at,
            )
        )
        ticket.lane, ticket.category, ticket.urgency = UrgencyLane.NONE, "", 0.0
        old, ticket.queue = ticket.queue, default_queue()
        self._event(EventKind.QUEUED, at, actor=actor, old=old.slug, new=ticket.queue.slug)
        before, ticket.priority = Priority(ticket.priority), Priority.NORMAL
        set_deadlines(ticket)
        if ticket.due_at is not None:
            ticket.due_at = next_deadline(ticket)
        self._event(
            EventKind.PRIORITISED,
            at,
            actor=actor,
            old=str(before.value),
            new=str(Priority.NORMAL.value),
        )
        self.place = None

    def _move(self, ticket: Ticket, to: Status, actor: User | None, at: datetime) -> None:
        old = Status(ticket.status)
        ticket.reopened_count += int(old in OVER and to not in OVER)
        ticket.status = to
        ticket.solved_at = at if to in OVER else None
        ticket.due_at = next_due(ticket, to)
        is_solving = to in OVER and old not in OVER
        promise = kept(ticket.solve_due_at, at=at) if is_solving else {}
        self._event(EventKind.MOVED, at, actor=actor, old=old, new=to, details=promise)
        self.feedback.state = SHOWN_AS[to]
        if to in OVER and self.place is not None:
            self.place.closed_at = at
            self._event(EventKind.CRISIS_LEFT, at, actor=actor, details={"place": self.place.pk})
            self.place = None

    def _event(self, kind: EventKind, at: datetime, *, actor: User | None = None, **fields: Any) -> None:
        assert self.ticket is not None
        self.ticket.updated_at = at
        self.ticket.version += 1
        self.chronicle.add(TicketEvent(ticket=self.ticket, kind=kind, at=at, actor=actor, **fields))


def keys_of(model: type[Model], block: int = 10) -> Iterator[int]:
    """Yield reserved primary keys, so that rows can refer to one another before they are inserted.

    Reserved in small blocks, so that rows written in between get keys close to these.
    Raw SQL because the ORM cannot fetch values of a sequence in advance.
    """
    table, column = model._meta.db_table, str(model._meta.pk.column)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [table, column, block],
            )
            keys = [int(row[0]) for row in cursor.fetchall()]
        yield from keys
