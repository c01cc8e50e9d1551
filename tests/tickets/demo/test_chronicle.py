"""The chronicle writes what the services would: the same conversations, both ways, row for row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from config.kit.outbox.models import OutboxRow
from feedback.analysis.assess import Assessed
from feedback.intake.models import Feedback
from tickets.demo.cast import channels, set_up
from tickets.demo.chronicle import Chronicle
from tickets.demo.corpus import Case, corpus
from tickets.demo.introducing import introduce
from tickets.demo.staging import Stage, play
from tickets.models import CrisisPlace, Ticket
from users.accounts.models import User

pytestmark = pytest.mark.django_db

UNTIL = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return corpus(UNTIL, messages=400)


@pytest.fixture
def stage(cases: list[Case]) -> Stage:
    set_up()
    return Stage(
        channels=channels(),
        agents={user.username: user for user in User.objects.filter(is_staff=True)},
        people=introduce(cases),
    )


def assessed(number: int, text: str, *, is_urgent: bool = False, **fields: Any) -> Assessed:
    """Return a reading that differs from its neighbours in whatever rules ask about."""
    usual: dict[str, Any] = {
        "language": "en" if text.isascii() else "zh-Hans",
        "language_confidence": 0.9,
        "sentiment": (number % 20) / 10 - 0.95,
        "sentiment_confidence": "high",
        "tone": "angry",
        "topic": ("bug", "payment", "content", "praise", "suggestion", "account", "other")[number % 7],
        "urgency": 0.9 if is_urgent else (number % 10) / 20,
        "lane": "red" if is_urgent else "none",
        "pages": is_urgent,
        "categories": (("safety", 0.7), ("security", 0.1)) if number % 2 else (("tech", 0.6), ("legal", 0.2)),
        "flags": ("sensitive", "minor")
        if is_urgent and number % 2
        else ("repeat",)
        if number % 5 == 0
        else (),
        "reasons": (),
        "vector": np.full(512, 512**-0.5, dtype=np.float32) if text else None,
        "model_version": "test",
    }
    return Assessed(**(usual | fields))


def readings(case: Case, number: int) -> list[Assessed]:
    said = [step.text for step in case.steps if step.does == "say"]
    # Urgent ones that were meant and false alarms, so that both ends are told.
    opening = assessed(number, said[0], is_urgent=case.is_urgent or number % 9 == 0)
    return [opening, *(assessed(number + 1 + place, text) for place, text in enumerate(said[1:]))]


def picture(feedback: Feedback) -> dict[str, Any]:
    """Return everything that hangs on ``feedback``, without keys and what is random."""
    feedback = Feedback.objects.get(pk=feedback.pk)
    messages = {
        message.pk: place for place, message in enumerate(feedback.messages.order_by("sent_at", "pk"))
    }
    places = {place.pk: number for number, place in enumerate(CrisisPlace.objects.order_by("pk"))}
    first_place = min(
        (places[p.pk] for p in CrisisPlace.objects.filter(ticket__feedback=feedback)), default=0
    )

    def of(row: Any, *without: str) -> dict[str, Any]:
        hidden = {"id", "public_id", "feedback_id", "message_id", "ticket_id", "raw_id", *without}
        return {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if field.attname not in hidden
        }

    def details(event: Any) -> dict[str, Any]:
        told = dict(event.details)
        if "message" in told:
            told["message"] = messages[told["message"]]
        if "place" in told:
            told["place"] = places[told["place"]] - first_place
        return told

    ticket = Ticket.objects.filter(feedback=feedback).first()
    found: dict[str, Any] = {
        "feedback": of(feedback, *(["customer_id"] if feedback.address_id is None else [])),
        "messages": [
            of(message, *(["external_id"] if message.direction == "out" else []))
            for message in feedback.messages.order_by("sent_at", "pk")
        ],
        "assessments": [
            of(message.assessment) for message in feedback.messages.filter(direction="in").order_by("pk")
        ],
        "vectors": feedback.messages.filter(vector__isnull=False).count(),
        "ratings": [of(rating) for rating in feedback.ratings.order_by("pk")],
        "corrections": [
            of(one) for message in feedback.messages.all() for one in message.corrections.order_by("pk")
        ],
        "deliveries": [
            of(one, "external_id") for message in feedback.messages.all() for one in message.deliveries.all()
        ],
    }
    if ticket is not None:
        found["ticket"] = of(ticket, "version")
        found["tags"] = sorted(ticket.tags.values_list("name", flat=True))
        found["events"] = [
            of(event, "details") | {"details": details(event)} for event in ticket.events.order_by("pk")
        ]
        found["places"] = [of(place) for place in ticket.crisis_places.order_by("pk")]
    return found


def chosen(cases: Sequence[Case], is_wanted: Callable[[Case], bool], count: int) -> list[Case]:
    return [case for case in cases if is_wanted(case)][:count]


class TestChronicle:
    def test_writes_what_the_services_would(self, cases: list[Case], stage: Stage) -> None:
        chronicle = Chronicle(stage, until=UNTIL)
        kinds = [
            chosen(cases, lambda case: bool(case.crisis), 6),
            chosen(cases, lambda case: case.subject == "outbreak_login", 4),
            chosen(cases, lambda case: any(step.does == "rate" for step in case.steps), 4),
            chosen(cases, lambda case: any(step.does == "note" for step in case.steps), 3),
            chosen(cases, lambda case: sum(step.does == "say" for step in case.steps) > 1, 12),
            chosen(cases, lambda case: case.is_anonymous, 4),
            cases[:30],
            cases[-20:],
        ]
        picked = list({case.key: case for kind in kinds for case in kind}.values())
        told = [
            (case, found)
            for number, case in enumerate(picked)
            if chronicle.tells(case, found := readings(case, number))
        ]
        assert len(told) > 40
        played = [picture(play(case, stage, found, until=UNTIL)) for case, found in told]
        again = [replace(case, key=f"again-{case.key}") for case, _ in told]
        for case, (_, found) in zip(again, told, strict=True):
            chronicle.tell(case, found)
        chronicle.write()
        for number, case in enumerate(again):
            feedback = Feedback.objects.get(messages__external_id=f"demo:{case.key}:0")
            written = picture(feedback)
            for message in written["messages"]:
                if "external_id" in message:
                    message["external_id"] = message["external_id"].replace("again-", "")
            for part, rows in played[number].items():
                assert written[part] == rows, (part, case)
        events = Counter(event["kind"] for one in played for event in one.get("events", []))
        # Every rule that the chronicle has was met.
        assert events.keys() >= {
            "opened", "moved", "message_in", "replied", "assigned", "queued", "prioritised", "noted",
            "crisis_entered", "crisis_acknowledged", "crisis_false_alarm", "crisis_left",
        }  # fmt: skip

    def test_owes_nothing(self, cases: list[Case], stage: Stage) -> None:
        chronicle = Chronicle(stage, until=UNTIL)
        chronicle.tell(cases[0], readings(cases[0], 1))
        chronicle.write()
        assert not OutboxRow.objects.exists()

    def test_leaves_to_the_services_what_turns_urgent_later(self, cases: list[Case], stage: Stage) -> None:
        chronicle = Chronicle(stage, until=UNTIL)
        case = next(case for case in cases if sum(step.does == "say" for step in case.steps) > 1)
        calm = readings(case, 1)
        assert chronicle.tells(case, calm)
        assert not chronicle.tells(case, [calm[0], assessed(3, "x", is_urgent=True), *calm[2:]])

    def test_asks_the_database_as_often_for_many_as_for_few(
        self, cases: list[Case], stage: Stage, django_assert_max_num_queries
    ) -> None:
        for count in (5, 50):
            chronicle = Chronicle(stage, until=UNTIL)
            for number, case in enumerate(cases[:count]):
                chronicle.tell(replace(case, key=f"{count}-{case.key}"), readings(case, number))
            with django_assert_max_num_queries(30):
                chronicle.write()
