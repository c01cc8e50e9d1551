from __future__ import annotations

import pytest
from django.db import transaction

from config.kit import remembered as module
from config.kit.remembered import remembered

pytestmark = pytest.mark.django_db(transaction=True)


class TestRemembered:
    def test_asks_once_for_each_argument(self) -> None:
        asked: list[str] = []

        @remembered
        def ask(name: str) -> str:
            asked.append(name)
            return name.upper()

        assert [ask("a"), ask("a"), ask("b")] == ["A", "A", "B"]
        assert asked == ["a", "b"]
        ask.forget()
        ask("a")
        assert asked == ["a", "b", "a"]

    def test_asks_again_when_the_answer_is_old(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answers = iter([1, 2])
        ask = remembered(lambda: next(answers))
        monkeypatch.setattr(module, "SECONDS", 0.0)
        assert [ask(), ask()] == [1, 2]

    def test_keeps_nothing_read_inside_a_transaction(self) -> None:
        answers = iter([1, 2])
        ask = remembered(lambda: next(answers))
        with transaction.atomic():
            ask()
        assert ask() == 2

    def test_does_not_keep_that_there_is_none(self) -> None:
        answers = iter([None, 2])
        ask = remembered(lambda: next(answers))
        assert [ask(), ask()] == [None, 2]
