"""Cut texts and queries into the lexemes that full-text search compares. Pure: no Django, no database.

PostgreSQL cannot segment Chinese, so we do. Chinese is indexed by words (what people mean) and by pairs
of characters (what people type: words alone find four of five places where a phrase stands). Latin is
indexed by words; a query's word is cut to its stem and finds whatever begins like it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import rjieba

from feedback.intake.folding import fold

#: More distinct lexemes than this say nothing new of a message.
MOST_LEXEMES = 4000
_LONGEST_LEXEME = 80
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[^\W_]+(?:[._@+\-/'][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
#: What is looked for by any piece of it: order numbers, addresses, versions, phone numbers.
_CODE = re.compile(
    r"(?=[a-z0-9._@+\-/#]*\d)[a-z0-9][a-z0-9._@+\-/#]{2,}[a-z0-9]|[a-z0-9._+\-]+@[a-z0-9.\-]+[a-z0-9]"
)
_FRAGMENT = re.compile(r"[a-z0-9._@+\-/#]{3,60}")
_NUMBER = re.compile(r"(?:e-|#)?(\d{5,12})")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ied", "ies", "ed", "es", "s")
_SHORTEST_STEM = 3
#: A Chinese phrase longer than this is also looked for by its words, in any order.
_LONG_PHRASE = 4


@dataclass(frozen=True)
class Query:
    """A search as PostgreSQL takes it.

    ``tsquery`` is empty when nothing in the text can be looked for; ``fragment`` is the piece of a code
    to find anywhere, ``number`` a ticket number; ``terms`` are the folded pieces to highlight.
    """

    phrase: str
    tsquery: str
    fragment: str
    number: int | None
    terms: tuple[str, ...]


def lexemes(text: str) -> list[str]:
    """Return the distinct lexemes of ``text``, at most MOST_LEXEMES, in order of appearance."""
    found: dict[str, None] = {}
    folded = fold(text).text
    for match in _WORD.finditer(_HAN.sub(" ", folded)):
        word = match.group()
        found.update(dict.fromkeys([word, *_PART.findall(word)]))
    for match in _HAN.finditer(folded):
        run = match.group()
        found.update(dict.fromkeys(rjieba.cut(run)))
        found.update(dict.fromkeys(pairs(run)))
    return [lexeme[:_LONGEST_LEXEME] for lexeme in list(found)[:MOST_LEXEMES]]


def pairs(run: str) -> list[str]:
    """Return each two neighbouring characters of ``run``; a single character stands for itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def codes(text: str) -> str:
    """Return the codes of ``text`` (numbers, addresses, versions), folded and separated by spaces."""
    return " ".join(dict.fromkeys(_CODE.findall(_HAN.sub(" ", fold(text).text))))[:2000]


def read_query(text: str) -> Query:
    """Understand what a person typed into the search box. All its terms must be found."""
    phrase = " ".join(fold(text[:200]).text.split())
    wanted, terms = [], []
    for run in _HAN.findall(phrase):
        wanted.append(_phrase(run))
        terms.append(run)
        if len(run) > _LONG_PHRASE:
            terms += [word for word in rjieba.cut(run) if len(word) > 1]
    for word in _WORD.findall(_HAN.sub(" ", phrase)):
        wanted.append(_beginning(word))
        terms.append(stem(word))
    number = _NUMBER.fullmatch(phrase)
    is_code = _FRAGMENT.fullmatch(phrase) and any(
        character.isdigit() or character == "@" for character in phrase
    )
    return Query(
        phrase=phrase,
        tsquery=" & ".join(wanted),
        fragment=phrase.lstrip("#") if is_code else "",
        number=int(number[1]) if number else None,
        terms=tuple(sorted(set(terms), key=len, reverse=True)),
    )


def stem(word: str) -> str:
    """Return what the forms of an English word have in common, roughly: refunds, refunded, refunding."""
    if not word.isalpha() or not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _phrase(run: str) -> str:
    together = " & ".join(map(_quoted, pairs(run)))
    if len(run) <= _LONG_PHRASE:
        return f"({together})"
    words = [word for word in rjieba.cut(run) if len(word) > 1]
    return f"(({together}) | ({' & '.join(map(_quoted, words))}))" if words else f"({together})"


def _beginning(word: str) -> str:
    cut = stem(word)
    return f"{_quoted(cut)}:*" if len(cut) >= _SHORTEST_STEM else _quoted(cut)


def _quoted(lexeme: str) -> str:
    escaped = lexeme[:_LONGEST_LEXEME].replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
