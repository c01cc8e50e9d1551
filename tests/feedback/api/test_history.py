from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feedback.intake.models import Feedback, FeedbackState
from feedback.intake.ratings import rate
from feedback.intake.services import record_answer, show_state
from tests.feedback.api.calls import call, login
from tests.people import said
from users.accounts.models import Role
from users.profiles.merging import merge

pytestmark = pytest.mark.django_db


class TestHistory:
    def test_tells_all_newest_first(self) -> None:
        _kim, token = login("kim", Role.CUSTOMER)
        call("POST", "/feedback", {"text": "upload stops"}, token=token)
        feedback = Feedback.objects.get()
        later = feedback.received_at + timedelta(hours=1)
        record_answer(feedback, text="Solved.", author=None, author_name="Ana", at=later)
        show_state(feedback, FeedbackState.SOLVED)
        rate(feedback, score=4, comment="fine", at=later + timedelta(hours=1))
        earlier = said("by mail", at=feedback.received_at - timedelta(days=1)).feedback
        merge(feedback.customer, earlier.customer, actor=None, at=later)
        call("POST", "/feedback", {"text": "not mine"}, token=login("lin", Role.CUSTOMER)[1])
        shown = call("GET", "/me/history", token=token).json()["results"]
        assert [(row["kind"], row["text"], row["score"]) for row in shown] == [
            ("rated", "fine", 4),
            ("answered", "Solved.", None),
            ("said", "upload stops", None),
            ("said", "by mail", None),
        ]
        assert shown[0]["number"] == feedback.number

    def test_skips_nothing_of_one_moment_between_pages(self, django_assert_num_queries: Any) -> None:
        _kim, token = login("kim", Role.CUSTOMER)
        call("POST", "/feedback/batch", {"items": [{"text": str(n)} for n in range(7)]}, token=token)
        found: list[str] = []
        path = "/me/history?limit=3"
        while path:
            with django_assert_num_queries(4):
                page = call("GET", path, token=token).json()
            found += [row["text"] for row in page["results"]]
            path = (page["next"] or "").partition(":8000")[2]
        assert found == [str(n) for n in range(6, -1, -1)]

    @pytest.mark.parametrize("cursor", ["x", "MQ", "YXxifGM", "MjAyNi0xMS0wMnxpbnwx"])
    def test_refuses_what_is_no_cursor(self, cursor: str) -> None:
        token = login("kim", Role.CUSTOMER)[1]
        assert call("GET", f"/me/history?cursor={cursor}", token=token).status_code == 422
