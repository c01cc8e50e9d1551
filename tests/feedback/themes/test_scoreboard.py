"""The table of everything reads only texts the engine was not trained on, and says so when they are missing."""

import pytest

from feedback.themes import scoreboard
from feedback.themes.scoreboard import SamplesMissing


class TestScoreboard:
    def test_announces_each_step_and_scores_language_first(self):
        said: list[str] = []
        rows = scoreboard.scoreboard(lambda step, _done, _total: said.append(step))

        row = next(rows)

        assert said == ["language: 16 languages"]
        assert (row.task, row.of, row.measure) == ("language", "16 languages", "accuracy")
        assert float(str(row.value)) > 0.9

    def test_says_what_to_do_without_the_samples(self, monkeypatch, tmp_path):
        monkeypatch.setattr(scoreboard, "SAMPLES", tmp_path)

        with pytest.raises(SamplesMissing, match="checkout of the repository"):
            list(scoreboard.scoreboard(lambda step, done, total: None))
