"""Score the engine on labelled texts; how others judge it."""

import json
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from feedback.analysis import scores
from feedback.analysis.encoder import encode_gist
from feedback.analysis.labelled import Unreadable, read_columns
from feedback.analysis.language import identify
from feedback.themes.scoreboard import SamplesMissing, scoreboard
from feedback.themes.scores import score_themes

_BAR = 20
TASKS = ("language", "sentiment", "urgency", "duplicates", "themes")
_TEACHING = """
examples:
  python3 manage.py evaluate
  python3 manage.py evaluate language texts.csv --text body --label lang --json
  python3 manage.py evaluate urgency cases.tsv --text 2 --label 1
  python3 manage.py evaluate duplicates pairs.csv --text question1 --other question2 --label is_duplicate

labels:
  language    BCP 47 codes or names: zh, zh-Hant, English, 日语
  sentiment   positive / negative / neutral, 正面 / 负面, 0 and 1, stars 1 to 5, or numbers around 0
  urgency     the seven crisis codes and none, 1 and 0, or words: urgent, red, 紧急; ordinary, green, 普通
  duplicates  the group a text belongs to; with --other whether the pair is the same, 1 or 0
  themes      the group a text belongs to

Scores go to standard output (with --json as one line, without a file one line per row), progress to standard error.
The exit code is 1 when the file, a column or a label cannot be read; what is wrong stands on standard error.
"""


class Command(BaseCommand):
    help = (
        "Score the engine on a labelled CSV, TSV or JSON-lines file and print the scores. Without a file: score it on "
        "the texts of this repository that it was not trained on, one table, a few minutes. Starts no server."
    )
    requires_system_checks = []
    needs_servers = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = _TEACHING
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.add_argument("task", choices=TASKS, nargs="?")
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--text", default="text", help="column of the text (a number when there is no header)"
        )
        parser.add_argument("--label", default="label", help="column of the label")
        parser.add_argument("--other", help="duplicates: column of the second text of each pair")
        parser.add_argument("--json", action="store_true", help="print one JSON line instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["task"] is None:
            self.scoreboard(options["json"])
            return
        if options["file"] is None:
            raise CommandError(
                f"evaluate {options['task']} needs a labelled file: "
                f"evaluate {options['task']} FILE --text COLUMN --label COLUMN"
            )
        try:
            found = self.scored(options["task"], options)
        except (Unreadable, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            for line in lines(found):
                self.stdout.write(line)

    def scoreboard(self, as_json: bool) -> None:
        """Print the table of everything, each row as soon as it is known."""
        try:
            for row in scoreboard(self.step):
                line = f"{row.task:<11} {row.of:<40} {row.measure:<32} {row.value}"
                self.stdout.write(json.dumps(asdict(row), ensure_ascii=False) if as_json else line)
                self.stdout.flush()
        except SamplesMissing as problem:
            raise CommandError(str(problem)) from problem

    def scored(self, task: str, options: dict[str, Any]) -> dict[str, object]:
        """Read the columns the task needs and score them."""
        columns = [options["text"], options["label"]]
        if task == "duplicates" and options["other"]:
            texts, labels, others = read_columns(options["file"], [*columns, options["other"]])
            return scores.pairs(texts, others, labels, self.progress)
        texts, labels = read_columns(options["file"], columns)
        if task == "themes":
            return self.themes(texts, labels)
        return getattr(scores, task)(texts, labels, self.progress)

    def themes(self, texts: Sequence[str], labels: Sequence[str]) -> dict[str, object]:
        languages = [identify(text).code for text in texts]
        return score_themes(texts, labels, encode_gist(texts), languages, self.progress)

    def step(self, name: str, done: int, total: int) -> None:
        """Show a bar on a terminal, and one line per step in a log; never on standard output."""
        bar = f"{'#' * (_BAR * done // total):.<{_BAR}} {done}/{total} {name}"
        is_last = done == total
        if sys.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{bar}", ending="\n" if is_last else "")
        else:
            self.stderr.write(bar)

    def progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done}/{total}", ending="" if done < total else "\n")


def lines(found: dict[str, object], indent: str = "") -> list[str]:
    """Return the scores as lines for people, nested ones indented."""
    shown = []
    for name, value in found.items():
        if isinstance(value, dict):
            shown += [f"{indent}{name}:", *lines(value, indent + "  ")]
        else:
            shown.append(f"{indent}{name}: {value}")
    return shown
