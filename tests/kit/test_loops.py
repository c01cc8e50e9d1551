from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection

from config.kit import heartbeats, loops
from config.kit.heartbeats import current_pulse
from config.kit.loops import repeat
from config.kit.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


def run(turn: object, *, pause_seconds: float = 0.001) -> None:
    """Run a loop of ``turn`` in a thread until it stops itself, 10 s at most."""
    thread = threading.Thread(
        target=repeat, args=(turn,), kwargs={"name": "test", "pause_seconds": pause_seconds, "stop": stop}
    )
    thread.start()
    thread.join(10)
    assert not thread.is_alive()


stop = threading.Event()


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    stop.clear()
    monkeypatch.setattr(loops, "SECONDS_AFTER_FAILURE", 0.001)


class TestRepeat:
    def test_gives_the_databases_clock_and_a_sign_of_life(self) -> None:
        moments: list[datetime] = []

        def turn(at: datetime) -> None:
            moments.append(at)
            if len(moments) == 3:
                stop.set()

        run(turn)
        assert moments == sorted(moments)
        assert Heartbeat.objects.get(name="test").at == moments[0]

    def test_asks_for_its_sign_of_life_not_at_every_turn(self, monkeypatch: pytest.MonkeyPatch) -> None:
        signs: list[str] = []

        def sign(name: str, *, at: datetime) -> None:
            signs.append(name)

        monkeypatch.setattr(heartbeats, "beat", sign)
        turns: list[datetime] = []

        def turn(at: datetime) -> None:
            turns.append(at)
            if len(turns) == 3:
                stop.set()

        run(turn)
        assert signs == ["test"]

    def test_goes_on_after_a_failure(self) -> None:
        turns: list[datetime] = []

        def turn(at: datetime) -> None:
            turns.append(at)
            if len(turns) < 3:
                raise ZeroDivisionError
            stop.set()

        run(turn)
        assert len(turns) == 3

    @pytest.mark.parametrize(("error", "is_traced"), [(OperationalError, False), (ZeroDivisionError, True)])
    def test_writes_one_line_while_the_database_is_away(
        self, caplog: pytest.LogCaptureFixture, error: type[Exception], is_traced: bool
    ) -> None:
        def turn(at: datetime) -> None:
            stop.set()
            raise error

        run(turn)
        [line] = caplog.records
        assert error.__name__ in line.getMessage()
        assert ("exc_info': None" not in line.getMessage()) is is_traced

    def test_lets_a_long_turn_say_that_it_lives(self, monkeypatch: pytest.MonkeyPatch) -> None:
        signs: list[str] = []
        monkeypatch.setattr(heartbeats, "YOUNG", timedelta(0))

        def sign(name: str, *, at: datetime) -> None:
            signs.append(name)

        monkeypatch.setattr(heartbeats, "beat", sign)

        def turn(at: datetime) -> None:
            stop.set()
            pulse = current_pulse()
            assert pulse is not None
            pulse.beat(at=at)

        run(turn)
        assert signs == ["test", "test"]
        assert current_pulse() is None

    def test_holds_no_connection_between_turns(self) -> None:
        """There may be more loops in one process than connections in its pool."""
        held: list[bool] = []

        class Pausing(threading.Event):
            def wait(self, timeout: float | None = None) -> bool:
                held.append(connection.connection is not None)
                return len(held) == 3

        repeat_in_thread = threading.Thread(
            target=repeat,
            args=(lambda at: None,),
            kwargs={"name": "test", "pause_seconds": 1, "stop": Pausing()},
        )
        repeat_in_thread.start()
        repeat_in_thread.join(10)
        assert held == [False, False, False]
