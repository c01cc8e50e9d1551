from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from config.kit.origins import Origin
from feedback.analysis.assess import Company
from feedback.analysis.company import company_of
from feedback.analysis.encoder import ENCODER
from feedback.analysis.models import MessageVector
from feedback.analysis.services import assess_in_context
from feedback.intake.models import Message
from tests.people import NOON, said

pytestmark = pytest.mark.django_db

SAME = np.eye(1, 512, 0, np.float32)[0]
OTHER = np.eye(1, 512, 1, np.float32)[0]
LATER = NOON + timedelta(minutes=1)


def kept(text: str, vector: np.ndarray, **fields) -> Message:
    message = said(text, **fields).message
    MessageVector.objects.create(message=message, vector=vector.tolist(), encoder=ENCODER)
    return message


def company(message: Message, *, may_grow: bool = True) -> Company:
    return company_of([message], [SAME], [may_grow])[0]


class TestReportedBefore:
    def test_counts_what_the_person_said_of_the_same_matter_in_any_thread(self) -> None:
        for number in range(2):
            kept(f"the payment fails {number}", SAME)
        kept("where is the dark mode?", OTHER)
        assert company(said("it fails again", at=LATER).message).reported_before == 2

    def test_leaves_out_others_and_what_came_later_or_long_ago(self) -> None:
        kept("the payment fails", SAME, by="lin@example.org")
        kept("it failed last year", SAME, at=NOON - timedelta(days=300))
        message = said("it fails", at=LATER).message
        kept("it still fails", SAME, at=LATER)
        assert company(message).reported_before == 0

    def test_counts_those_read_together(self) -> None:
        messages = [said(f"it fails {number}").message for number in range(3)]
        found = company_of(messages, [SAME] * 3, [False] * 3)
        assert [one.reported_before for one in found] == [0, 1, 2]

    def test_knows_nothing_of_what_has_no_words(self) -> None:
        assert company_of([said("👍").message], [None], [True]) == [Company(0, 1)]


class TestPeopleLastHour:
    def test_counts_people_and_not_messages(self) -> None:
        for name in ("lin", "lin", "mo", "nan"):
            kept("the app is down", SAME, by=f"{name}@example.org", at=NOON - timedelta(minutes=20))
        assert company(said("down", at=NOON).message).people_last_hour == 4

    def test_leaves_out_other_matters_other_hours_and_what_is_not_live(self) -> None:
        kept("dark mode?", OTHER, by="lin@example.org")
        kept("down", SAME, by="mo@example.org", at=NOON - timedelta(minutes=61))
        kept("down", SAME, by="nan@example.org", origin=Origin.IMPORT)
        assert company(said("down", at=NOON).message).people_last_hour == 1

    def test_is_asked_only_for_what_may_grow_by_it(self, django_assert_num_queries) -> None:
        kept("down", SAME, by="lin@example.org")
        message = said("down", by="mo@example.org").message
        assert message.feedback.customer.created_at == message.received_at
        with django_assert_num_queries(0):
            assert company(message, may_grow=False).people_last_hour == 1


class TestAssessInContext:
    def test_says_that_many_people_report_the_same_where_that_may_count(self) -> None:
        text = "不想活了"
        first = assess_in_context([said(text).message])[0]
        for number in range(5):
            kept(text, first.vector, by=f"p{number}@example.org")
        (fact,) = [
            reason
            for reason in assess_in_context([said(text, by="lin@example.org").message])[0].reasons
            if reason.get("name") == "many_people"
        ]
        assert fact["count"] == 6

    def test_takes_no_talk_for_a_report_repeated(self) -> None:
        thread = said("你好").feedback
        said("我的手机是小米的", thread=thread)
        last = said("提现一直不到账，没有人处理", thread=thread).message
        for message in Message.objects.filter(feedback=thread, pk__lt=last.pk):
            vector = assess_in_context([message])[0].vector
            MessageVector.objects.create(message=message, vector=vector.tolist(), encoder=ENCODER)
        assert "repeat" not in assess_in_context([last])[0].flags
