from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import translation

from config.kit.outbox.bells import ringer
from config.kit.remembered import forget_all
from feedback.analysis import meaning
from tests import standing_rows


def pytest_addoption(parser: pytest.Parser) -> None:
    chaos = parser.getgroup("chaos")
    chaos.addoption("--submissions", type=int, default=2000, help="how many the visitors submit")
    chaos.addoption("--kills", type=int, default=12, help="how often something is killed or wiped")
    chaos.addoption("--seed", type=int, default=1, help="of the dice that choose the victims")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Keep the rows that migrations wrote through every test."""
    with django_db_blocker.unblock():
        standing_rows.keep()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Let each test ask anew what a process keeps for a few seconds, and hear no bell of another."""
    forget_all()
    yield
    assert ringer.wait(10)


@pytest.fixture(autouse=True)
def _no_language_of_another() -> Iterator[None]:
    """Give each test the language of a fresh thread: a request leaves its own behind, as under any server."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no search load the encoder beside a test: whether it is there, the test says."""
    monkeypatch.setattr(meaning, "_ready", threading.Event())
    monkeypatch.setattr(meaning, "_load_beside", lambda: None)


@pytest.fixture
def encoder(_no_encoder: None) -> None:
    """The encoder is there, as in a process that was asked before."""
    meaning.load()
