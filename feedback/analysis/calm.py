"""Find in a sentence what makes grave words harmless: it is settled, a story, hearsay, praise, a question, a saying."""

import re
from functools import cache

from feedback.analysis.word_lists import read_rows

KINDS = ("settled", "fiction", "hearsay", "praise", "asking", "idiom")
# Who takes leave thanks and praises, and is not calm.
_FAREWELL = "farewell"


@cache
def _expressions() -> dict[str, re.Pattern[str]]:
    rows = read_rows("calm.txt")
    return {
        one: re.compile("|".join(own for kind, own in rows if kind == one)) for one in (*KINDS, _FAREWELL)
    }


def find_calm(sentence: str) -> list[bool]:
    """Tell for each of ``KINDS`` whether folded ``sentence`` shows it; a farewell shows none."""
    expressions = _expressions()
    if expressions[_FAREWELL].search(sentence):
        return [False] * len(KINDS)
    return [expressions[kind].search(sentence) is not None for kind in KINDS]
