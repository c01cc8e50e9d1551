"""Find what makes alarming words in a sentence harmless: settled, fiction, hearsay, praise, a question, an idiom."""

import re
from functools import cache

from feedback.analysis.word_lists import read_rows

KINDS = ("settled", "fiction", "hearsay", "praise", "asking", "idiom")
# A farewell thanks and praises too, but is anything but calm.
_FAREWELL = "farewell"


@cache
def _expressions() -> dict[str, re.Pattern[str]]:
    rows = read_rows("calm.txt")
    return {
        one: re.compile("|".join(own for kind, own in rows if kind == one)) for one in (*KINDS, _FAREWELL)
    }


def find_calm(sentence: str) -> list[bool]:
    """Return, for each of ``KINDS``, whether the folded ``sentence`` shows it; a farewell shows none."""
    expressions = _expressions()
    if expressions[_FAREWELL].search(sentence):
        return [False] * len(KINDS)
    return [expressions[kind].search(sentence) is not None for kind in KINDS]
