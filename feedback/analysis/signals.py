"""Find facts in a text that change how a message is handled: a minor, a repeated report, a threat to go public."""

import re
from dataclasses import dataclass
from functools import cache

from feedback.analysis.word_lists import read_rows
from feedback.intake.folding import Folded


@dataclass(frozen=True)
class Signal:
    """One fact found in the text: its code and half-open span in the original text."""

    code: str
    text: str
    start: int
    end: int


# How many characters of a text are searched: some twenty patterns over a megabyte take seconds.
_LONGEST = 100_000

# These make a message sensitive: only the crisis role may read it.
SENSITIVE = frozenset({"self_harm", "health"})


@cache
def _expressions() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(expression)) for name, expression in read_rows("signals.txt"))


def find_signals(text: str, folded: Folded) -> list[Signal]:
    """Return the first signal of each code in ``text``, in a fixed order; ``folded`` is its folded form.

    Only the first 100,000 characters are searched.
    """
    found: dict[str, Signal] = {}
    for code, pattern in _expressions():
        match = pattern.search(folded.text, 0, _LONGEST) if code not in found else None
        if match:
            start, end = folded.span(match.start(), match.end())
            found[code] = Signal(code, text[start:end], start, end)
    return list(found.values())
