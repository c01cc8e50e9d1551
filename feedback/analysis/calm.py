"""Find in a sentence what makes grave words harmless: it is settled, a story, hearsay, praise, a question, a saying."""

import re
from functools import cache
from importlib.resources import files

KINDS = ("settled", "fiction", "hearsay", "praise", "asking", "idiom")


@cache
def _expressions() -> tuple[re.Pattern[str], ...]:
    lines = (files("feedback.analysis") / "calm.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return tuple(re.compile("|".join(own for kind, own in rows if kind == one)) for one in KINDS)


def find_calm(sentence: str) -> list[bool]:
    """Tell for each of ``KINDS`` whether folded ``sentence`` shows it."""
    return [expression.search(sentence) is not None for expression in _expressions()]
