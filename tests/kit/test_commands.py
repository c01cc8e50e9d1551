import json
import os
import subprocess
import sys
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from config.env import ROOT
from config.kit import requirements
from config.kit.management.commands import loop, prepare


def stop_at_once(stop: threading.Event) -> None:
    stop.wait()


def break_down(stop: threading.Event) -> None:
    raise ZeroDivisionError


class TestLoop:
    def test_ends_the_process_when_a_loop_ends_by_itself(self, settings):
        settings.LOOPS = {"broken": "tests.kit.test_commands.break_down"}
        stop, died = threading.Event(), []
        loop.run("broken", stop, died)
        assert (stop.is_set(), died) == (True, ["broken"])

    def test_blames_no_loop_that_was_told_to_stop(self, settings):
        settings.LOOPS = {"fine": "tests.kit.test_commands.stop_at_once"}
        stop, died = threading.Event(), []
        stop.set()
        loop.run("fine", stop, died)
        assert died == []

    def test_runs_until_it_is_told_to_stop_with_a_database_or_without(self):
        nowhere = {"DATABASE_URL": "postgresql://nobody@/none?host=/nonexistent", "LOG_JSON": "yes"}
        with subprocess.Popen(
            [sys.executable, "manage.py", "loop", "beat"],
            cwd=ROOT,
            env={**os.environ, **nowhere},
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            # It tries again and again.
            for _ in range(2):
                assert json.loads(process.stderr.readline())["event"] == "turn_failed"
            process.terminate()
            assert process.wait(15) == 0

    def test_asks_which_loop(self):
        with pytest.raises(CommandError, match="beat"):
            call_command("loop")


@pytest.mark.django_db
class TestPrepare:
    def test_collects_static_files_once(self, settings, tmp_path, capsys):
        settings.STATIC_ROOT = tmp_path
        call_command("prepare")
        assert "Static files" in capsys.readouterr().out
        assert (tmp_path / "admin").is_dir()
        call_command("prepare")
        assert "Static files" not in capsys.readouterr().out

    def test_refuses_a_server_that_lacks_something(self, monkeypatch):
        monkeypatch.setattr(requirements, "missing", lambda: ["pgvector is too old."])
        with pytest.raises(CommandError, match="too old"):
            call_command("prepare")

    def test_says_how_many_migrations_are_applied(self, monkeypatch, capsys):
        applied = []
        monkeypatch.setattr(prepare, "call_command", lambda name, **options: applied.append(name))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'tickets'")
        call_command("prepare", database_only=True)
        assert "migrations to apply" in capsys.readouterr().out
        assert applied == ["migrate"]
