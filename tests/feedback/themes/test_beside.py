import os
import subprocess

import pytest

from feedback.themes import beside
from feedback.themes.beside import shared
from feedback.themes.phrases import stem


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
