from __future__ import annotations

from typing import Any

import pytest

from feedback.intake.models import Feedback
from tests.feedback.api.calls import call, login

pytestmark = pytest.mark.django_db


def send(items: Any, token: str) -> Any:
    return call("POST", "/feedback/batch", {"items": items}, token=token)


class TestBatch:
    def test_takes_the_good_and_names_what_is_wrong_with_the_others(self) -> None:
        token = login()[1]
        answer = send(
            [
                {"text": "one"},
                {"text": ""},
                {"text": "two", "rating": 9},
                7,
                {"text": "三"},
                {"text": "x" * 20_001},
                None,
            ],
            token,
        )
        assert answer.status_code == 207
        results = answer.json()["results"]
        assert [result["status"] for result in results] == [201, 422, 422, 422, 201, 422, 422]
        assert [result["index"] for result in results] == [0, 1, 2, 3, 4, 5, 6]
        assert results[0]["receipt"]["number"] == Feedback.objects.order_by("pk")[0].number
        assert results[1]["problem"]["code"] == "empty"
        assert results[2]["problem"]["errors"][0]["field"] == "rating"
        assert Feedback.objects.count() == 2

    def test_sent_again_changes_nothing(self) -> None:
        token = login()[1]
        items = [{"text": "one", "idempotency_key": "k1"}, {"text": "two", "idempotency_key": "k2"}]
        first, again = send(items, token).json(), send(items, token).json()
        assert [result["status"] for result in again["results"]] == [200, 200]
        assert [r["receipt"]["id"] for r in again["results"]] == [
            r["receipt"]["id"] for r in first["results"]
        ]

    def test_is_bounded(self) -> None:
        token = login()[1]
        for items in ([], [{"text": "x"}] * 101, "x", None, {}):
            assert send(items, token).status_code == 422
        assert not Feedback.objects.exists()

    def test_needs_a_login(self) -> None:
        assert send([{"text": "one"}], "").status_code == 401
