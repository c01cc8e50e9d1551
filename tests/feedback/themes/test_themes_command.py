import json
import os
import subprocess
import sys

from config.env import ROOT
from feedback.management.commands.themes import grouped_lines

MESSAGES = [
    "收不到验证码",
    "没有收到验证码",
    "no verification code",
    "the code does not arrive",
    "app crashes",
    "it crashes",
]


def lines(*entries: object) -> list[bytes]:
    return [json.dumps(entry).encode() + b"\n" for entry in entries]


class TestGroupedLines:
    def test_answers_each_line_in_order_blank_ones_too(self):
        asked = [
            *lines({"text": MESSAGES[0]}),
            b"\n",
            *lines({"text": ""}, {"text": None}, {"text": MESSAGES[1]}),
        ]
        answers = [json.loads(line) for line in grouped_lines(asked)]
        assert len(answers) == 5
        assert [answer["theme"] for answer in answers[1:4]] == [-1, -1, -1]
        assert answers[0]["theme"] == answers[4]["theme"] >= 0
        assert "验证码" in answers[0]["label"]

    def test_puts_two_languages_together_and_names_the_theme_in_both(self):
        answers = [json.loads(line) for line in grouped_lines(lines(*({"text": text} for text in MESSAGES)))]
        assert answers[0]["theme"] == answers[2]["theme"]
        assert answers[0]["label"] == answers[3]["label"]
        assert " / " in answers[0]["label"]
        assert answers[4]["theme"] == answers[5]["theme"] != answers[0]["theme"]

    def test_names_it_in_the_readers_language(self):
        asked = lines(*({"text": text} for text in MESSAGES))
        label = json.loads(next(grouped_lines(asked, language="zh")))["label"]
        assert "验证码" in label
        assert "/" not in label

    def test_glosses_for_a_reader_of_another_language(self):
        asked = lines(*({"text": text} for text in ("app crashes", "it crashes", "the app keeps crashing")))
        label = json.loads(next(grouped_lines(asked, language="zh")))["label"]
        assert "闪退 · " in label
        assert "闪退" not in json.loads(next(grouped_lines(asked)))["label"]
        assert list(grouped_lines([], language="zh")) == []

    def test_says_what_is_wrong_with_a_line_and_goes_on(self):
        answers = [
            json.loads(line) for line in grouped_lines([b"{broken\n", *lines({"text": 5}, "crash", [])])
        ]
        assert ["error" in answer for answer in answers] == [True, True, False, True]

    def test_survives_a_lone_surrogate(self):
        answers = list(grouped_lines([b'{"text": "crashes \\ud800 again"}\n']))
        answers[0].encode("utf-8")


class TestCommand:
    def test_prints_only_results_and_starts_no_server(self, tmp_path):
        nowhere = {
            "DATABASE_URL": "postgresql://nobody@/none?host=/nonexistent",
            "REDIS_URL": "redis://127.0.0.1:1/0",
        }
        environment = {**os.environ, **nowhere, "EARSHOT_HOME": str(tmp_path), "SECRET_KEY": "x" * 50}
        done = subprocess.run(
            [sys.executable, "manage.py", "themes"],
            cwd=ROOT,
            env=environment,
            input=b'{"text": "crash"}\n\n',
            capture_output=True,
            check=True,
            timeout=180,
        )
        answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
        assert [answer["theme"] for answer in answers] == [0, -1]
