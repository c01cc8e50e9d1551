"""A person's correction weighs on the next message like it, until it is taken back or erased."""

from __future__ import annotations

from typing import Any

import pytest

from config.kit.origins import Origin
from feedback.analysis.corrections import current_lessons, taught
from feedback.analysis.lessons import NO_LESSONS
from feedback.analysis.models import UrgencyLane
from feedback.analysis.services import assess_in_context, correct, store
from feedback.intake.models import Message
from tests.people import NOON, agent, said
from users.profiles.holdings import erase_customer

pytestmark = pytest.mark.django_db

TEXT = "the lamp your shop sends with the plant pot hums and smells of hot plastic"


@pytest.fixture
def ana() -> Any:
    return agent("ana")


def assessed(text: str = TEXT, **fields: Any) -> Message:
    message = said(text, **fields).message
    store(message, assess_in_context([message])[0], at=NOON)
    return message


class TestCurrentLessons:
    def test_are_none_before_anyone_corrected(self) -> None:
        assert current_lessons() is NO_LESSONS

    def test_weigh_on_the_next_message_like_it(self, ana) -> None:
        first = assessed()
        before = first.assessment.urgency
        correct(first, field="lane", new=UrgencyLane.RED, actor=ana, at=NOON)
        correct(first, field="category", new="safety", actor=ana, at=NOON)

        second = assessed(by="lin@example.org")

        assert second.assessment.urgency > before
        assert second.assessment.model_version.endswith("+" + current_lessons().version)
        assert "taught_urgent" in [reason["code"] for reason in second.assessment.reasons]

    def test_follow_the_newest_word_about_a_message(self, ana) -> None:
        message = assessed()
        correct(message, field="lane", new=UrgencyLane.RED, actor=ana, at=NOON)
        correct(message, field="category", new="safety", actor=ana, at=NOON)
        correct(message, field="lane", new=UrgencyLane.NONE, actor=ana, at=NOON)

        assert [(one.text, one.category, one.overrules_lane) for one in taught()] == [(TEXT, "none", True)]

    def test_take_a_corrected_category_without_touching_the_lane(self, ana) -> None:
        correct(assessed(), field="category", new="legal", actor=ana, at=NOON)

        assert [(one.category, one.overrules_lane) for one in taught()] == [("legal", False)]

    def test_learn_nothing_from_another_field(self, ana) -> None:
        correct(assessed(), field="topic", new="payment", actor=ana, at=NOON)

        assert taught() == []

    @pytest.mark.parametrize("origin", [Origin.DEMO, Origin.IMPORT, Origin.DRILL])
    def test_learn_nothing_from_what_is_not_live(self, ana, origin) -> None:
        message = assessed()
        Message.objects.filter(pk=message.pk).update(origin=origin)
        correct(message, field="lane", new=UrgencyLane.NONE, actor=ana, at=NOON)

        assert current_lessons() is NO_LESSONS

    def test_forget_the_message_of_a_person_who_was_erased(self, ana) -> None:
        message = assessed()
        correct(message, field="lane", new=UrgencyLane.NONE, actor=ana, at=NOON)
        assert current_lessons() is not NO_LESSONS

        erase_customer(message.feedback.customer, at=NOON)

        assert current_lessons() is NO_LESSONS

    def test_cost_one_query_while_nothing_changed(self, ana, django_assert_num_queries) -> None:
        correct(assessed(), field="lane", new=UrgencyLane.NONE, actor=ana, at=NOON)
        first = current_lessons()

        with django_assert_num_queries(1):
            assert current_lessons() is first
