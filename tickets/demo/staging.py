"""Play one conversation of the demo through the ordinary services, each step at its own time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from config.kit.origins import Origin
from config.kit.outbox.services import settle
from feedback.analysis.assess import Assessed
from feedback.analysis.services import store
from feedback.intake.incoming import Incoming
from feedback.intake.models import Channel, Feedback
from feedback.intake.ratings import OVER, rate
from feedback.intake.services import MESSAGE_RECEIVED, receive
from tickets.demo.corpus import Case
from tickets.demo.introducing import NAMESPACE, Introduced
from tickets.demo.story import Step
from tickets.desk.alarms import open_place
from tickets.desk.crisis_places import acknowledge, call_false_alarm
from tickets.desk.models import Status, Ticket
from tickets.desk.services import add_note, assign
from tickets.desk.transitions import MOVES, move
from tickets.replies.services import reply
from tickets.routing.services import admit
from users.accounts.models import User
from users.profiles.models import AddressKind
from users.profiles.services import Handle

CRISIS_DESK = "lin.jing"
FALSE_ALARM_AFTER = timedelta(seconds=90)
_FALSE_ALARM = {
    "zh-Hans": "普通产品问题，没有人处于危险之中",
    "en": "An ordinary product problem, nobody is in danger",
}


@dataclass(frozen=True)
class Stage:
    """What a conversation needs: channels by kind, agents by login, customers."""

    channels: Mapping[str, Channel]
    agents: Mapping[str, User]
    people: Introduced


@transaction.atomic
def play(case: Case, stage: Stage, assessed: list[Assessed], *, until: datetime) -> Feedback:
    """Play ``case``; ``assessed`` holds one assessment for each message of the customer, in order.

    All or nothing, so that the first message shows that the whole case is there. Leaves no outbox row open.
    """
    readings = iter(assessed)
    feedback: Feedback | None = None
    message_ids = []
    for number, step in enumerate(case.steps):
        if step.does == "say":
            receipt = receive(_incoming(case, step, number, stage, feedback), at=step.at)
            feedback = receipt.feedback
            message_ids.append(receipt.message.pk)
            assessment = store(receipt.message, next(readings), at=step.at)
            admit(receipt.message, assessment, at=step.at)
            if not case.is_urgent:
                _stand_down(feedback, case, stage, at=step.at + FALSE_ALARM_AFTER, until=until)
        elif feedback is not None:
            _act(step, feedback, case, stage)
    settle(MESSAGE_RECEIVED, message_ids, by="demo")
    assert feedback is not None
    return feedback


def external_id(case: Case, number: int) -> str:
    """Return the external id of step ``number`` (from 0) of ``case``, the same in every run."""
    return f"demo:{case.key}:{number}"


def _incoming(case: Case, step: Step, number: int, stage: Stage, thread: Feedback | None) -> Incoming:
    handle, customer = None, None
    if not case.is_anonymous:
        customer = stage.people.customers[case.person.number]
        handle = Handle(
            AddressKind.ACCOUNT, case.person.account, NAMESPACE, is_proven=True, display_name=case.person.name
        )
    return Incoming(
        channel=stage.channels[case.channel],
        external_id=external_id(case, number),
        text=step.text,
        sent_at=step.at,
        handle=handle,
        customer=customer,
        thread=thread,
        subject=case.headline,
        rating=case.rating,
        topic_hint=case.topic_hint,
        app_version=case.app_version,
        platform=case.platform,
        device=case.device,
        page=case.page,
        origin=Origin.DEMO,
    )


def _act(step: Step, feedback: Feedback, case: Case, stage: Stage) -> None:
    """Play a step other than a customer's message; only ratings apply if the feedback has no ticket."""
    if step.does == "rate":
        feedback.refresh_from_db(fields=["state"])
        if feedback.state in OVER:
            rate(feedback, score=step.score, comment=step.text, at=step.at)
        return
    ticket = Ticket.objects.select_related("queue", "feedback", "assignee").filter(feedback=feedback).first()
    if ticket is None:
        return
    actor = actor_of(step, ticket, stage)
    if step.does == "take":
        place = open_place(ticket)
        if place is not None and place.acknowledged_at is None:
            acknowledge(place, actor=actor, at=step.at)
        elif ticket.assignee_id != actor.pk:
            assign(ticket, to=actor, actor=actor, at=step.at)
    elif step.does == "answer":
        then = Status(step.then)
        reply(ticket, text=step.text, author=actor, at=step.at, language=case.answered_in, then=then)
    elif step.does == "note":
        add_note(ticket, text=step.text, actor=actor, at=step.at)
    else:
        to = Status.SOLVED if step.does == "solve" else Status.CLOSED
        if to in MOVES[Status(ticket.status)]:
            move(ticket, to, actor=actor if step.does == "solve" else None, at=step.at)


def actor_of(step: Step, ticket: Ticket, stage: Stage) -> User:
    """Return the agent for ``step``: the crisis desk if the step's own agent may not handle the ticket."""
    if ticket.queue.is_crisis or ticket.is_sensitive:
        wanted = stage.agents.get(step.by)
        return wanted if wanted and wanted.is_crisis_team else stage.agents[CRISIS_DESK]
    return stage.agents[step.by or CRISIS_DESK]


def _stand_down(feedback: Feedback, case: Case, stage: Stage, *, at: datetime, until: datetime) -> None:
    """Have the crisis desk call a false alarm if the model took an ordinary complaint for urgent.

    Alarms raised less than FALSE_ALARM_AFTER before ``until`` keep ringing, as they would.
    """
    if at >= until:
        return
    ticket = Ticket.objects.filter(feedback=feedback).first()
    place = open_place(ticket) if ticket else None
    if place is not None:
        call_false_alarm(place, reason=false_alarm(case), actor=stage.agents[CRISIS_DESK], at=at)


def false_alarm(case: Case) -> str:
    """Return the reason with which the crisis desk calls ``case`` a false alarm."""
    return _FALSE_ALARM[case.answered_in]
