import os
import subprocess
from pathlib import Path

import pytest

from feedback.themes import beside
from feedback.themes.beside import elsewhere, second_process, shared
from feedback.themes.phrases import stem


def leave_a_mark() -> None:
    Path("mark").touch()


class TestShared:
    @pytest.mark.parametrize("cores", [1, 2])
    def test_returns_the_same_on_one_core_and_on_many(self, monkeypatch, cores):
        monkeypatch.setattr(beside, "cores", lambda: cores)
        assert shared(stem, ["cards", "loading", "闪退"]) == ["card", "load", "闪退"]

    def test_does_every_other_piece_in_another_process(self, monkeypatch):
        monkeypatch.setattr(beside, "cores", lambda: 2)
        ours, theirs, again = shared(os.path.realpath, ["/proc/self"] * 3)
        assert ours == again == f"/proc/{os.getpid()}"
        assert theirs != ours

    def test_says_when_the_other_process_fails(self, monkeypatch):
        monkeypatch.setattr(beside, "cores", lambda: 2)
        with pytest.raises(subprocess.CalledProcessError):
            shared(int, ["1", "no number"])
        with pytest.raises(ValueError, match="no number"):
            shared(int, ["no number", "1"])

    def test_starts_nothing_for_a_single_piece(self, monkeypatch):
        monkeypatch.setattr(beside.subprocess, "Popen", None)
        assert shared(stem, ["cards"]) == ["card"]


class TestElsewhere:
    def test_is_done_by_the_second_process(self):
        with second_process():
            theirs = elsewhere(os.path.realpath, "/proc/self")
        assert theirs.startswith("/proc/")
        assert theirs != f"/proc/{os.getpid()}"

    def test_is_done_here_where_there_is_none(self):
        assert elsewhere(os.path.realpath, "/proc/self") == f"/proc/{os.getpid()}"


class TestSecondProcess:
    def test_calls_at_once_what_it_is_to_get_ready(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with second_process(
            "os:getpid", "feedback.themes.phrases", "tests.feedback.themes.test_beside:leave_a_mark"
        ):
            assert elsewhere(os.path.exists, "mark")

    def test_is_one_for_all_that_is_shared_inside(self, monkeypatch):
        monkeypatch.setattr(beside, "cores", lambda: 2)
        with second_process("feedback.themes.phrases"):
            first, second = (shared(os.path.realpath, ["/proc/self"] * 2)[1] for _ in range(2))
            assert shared(stem, ["cards", "loading"]) == ["card", "load"]
        assert first == second
        assert shared(os.path.realpath, ["/proc/self"] * 2)[1] != first

    def test_answers_nobody_after_a_work_that_was_broken_off(self, monkeypatch):
        monkeypatch.setattr(beside, "cores", lambda: 2)
        with second_process():
            with pytest.raises(ValueError, match="no number"):
                shared(int, ["no number", "1"])
            with pytest.raises(subprocess.CalledProcessError):
                shared(stem, ["cards", "loading"])

    def test_ends_with_the_block(self):
        with second_process() as child:
            assert child.poll() is None
        assert child.returncode == 0
