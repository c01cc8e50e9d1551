"""Split texts and queries into the lexemes that full-text search compares. Pure: no Django, no database.

PostgreSQL cannot segment Chinese, so we do. Chinese is indexed by words (what people mean) and by pairs
of characters (what people type: words alone find four out of five occurrences of a phrase). Latin is
indexed by words; a word in a query is reduced to its stem and matches as a prefix. A code is indexed
whole, in pieces and without its separators, so that W-8841, W8841 and w 8841 find each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import rjieba

from feedback.intake.folding import fold

#: More distinct lexemes than this add nothing to a message.
MOST_LEXEMES = 4000
_LONGEST_LEXEME = 80
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_WORD = re.compile(r"[^\W_]+(?:[._@+\-/'][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_PIECE = re.compile(r"[^\W\d_]+|\d+")
#: A number in groups, as people write it: 138-0013-8000, 6222 0212 3456.
_GROUPED = re.compile(r"(?<!\d)\d{3,4}(?:[ -]\d{3,4}){1,5}(?!\d)")
_SEPARATORS = re.compile(r"[^\w]|_")
#: Punctuation in codes as Chinese keyboards and word processors write it; the replacements keep the length.
_PLAIN_SIGNS = str.maketrans("＃＠．＿／＋－‐‑‒–—−", "#@._/+-------")
#: Can be found by any part of it: order numbers, addresses, versions, phone numbers.
_CODE = re.compile(r"[a-z0-9._@+\-/#]{4,}")
_CODE_SIGNS = "._@+-/#"
_SHORTEST_CODE = 4
_TELLS_A_CODE = re.compile(r"[\d@]")
#: Shorter codes, such as versions, mean something else without their separators.
_LONG_CODE = 6
_FRAGMENT = re.compile(r"[a-z0-9._@+\-/#]{3,60}")
_NUMBER = re.compile(r"(?:工单|单号|编号|ticket|case|no\.?|number|e)? ?[号:：#-]{0,2} ?(\d{5,12})")
_ENDINGS = ("ations", "ation", "ments", "ment", "ings", "ing", "ied", "ies", "ed", "es", "s")
_SHORTEST_STEM = 3
_LETTERS_AND_DIGITS = 2
#: Ignored in a query that has other words: they occur in every other message.
_LIGHT_WORDS = (
    "a an the of to in on at for my your our is are was were be i you we it this that and or with can how why what"
    " 请问 为什么 怎么 怎么办 怎样 如何 什么 我们 你们 一直 这个 那个 可以 能不能 是不是 有没有"
)
_LIGHT = frozenset(_LIGHT_WORDS.split())
#: A Chinese phrase longer than this is also searched for by its words, in any order.
_LONG_PHRASE = 4


@dataclass(frozen=True)
class Query:
    """A search in the form PostgreSQL needs.

    ``tsquery`` is empty when the text holds nothing to search for; ``fragment`` is the part of a code
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
    folded = _written(text)
    for match in _WORD.finditer(_HAN.sub(" ", folded)):
        word = match.group()
        found.update(dict.fromkeys([word, *_PART.findall(word), *_pieces(word)]))
    found.update(dict.fromkeys(map(_joined, _GROUPED.findall(folded))))
    for match in _HAN.finditer(folded):
        run = match.group()
        found.update(dict.fromkeys(rjieba.cut(run)))
        found.update(dict.fromkeys(pairs(run)))
    return [lexeme[:_LONGEST_LEXEME] for lexeme in list(found)[:MOST_LEXEMES]]


def pairs(run: str) -> list[str]:
    """Return each pair of neighbouring characters in ``run``; a single character by itself."""
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def codes(text: str) -> str:
    """Return the codes of ``text`` (numbers, addresses, versions), folded and separated by spaces."""
    # In two steps: one pattern with a lookahead for the digit takes seconds on 20,000 letters without any.
    runs = (run.strip(_CODE_SIGNS) for run in _CODE.findall(_HAN.sub(" ", _written(text))))
    found = [run for run in runs if len(run) >= _SHORTEST_CODE and _TELLS_A_CODE.search(run)]
    joined = [code for code in map(_joined, found) if len(code) >= _LONG_CODE]
    return " ".join(dict.fromkeys([*found, *joined]))[:2000]


def _written(text: str) -> str:
    return fold(text).text.translate(_PLAIN_SIGNS)


def _joined(code: str) -> str:
    """Return ``code`` without its separators; an address is left as it is."""
    return code if "@" in code else _SEPARATORS.sub("", code)


def _pieces(word: str) -> list[str]:
    """Return the runs of letters and of digits in a code separately; nothing for a plain word."""
    return _PIECE.findall(word) if any(character.isdigit() for character in word) else []


def read_query(text: str) -> Query:
    """Parse the text of the search box. A match needs all its terms, except words that say nothing."""
    phrase = " ".join(_written(text[:200]).split())
    wanted, terms = [], []
    for run in _HAN.findall(phrase):
        wanted.append(_phrase(run))
        terms.append(run)
        if len(run) > _LONG_PHRASE:
            terms += _telling(rjieba.cut(run))
    joined = _joined(phrase) if _GROUPED.fullmatch(phrase) else phrase
    words = _WORD.findall(_HAN.sub(" ", joined))
    for word in [word for word in words if word not in _LIGHT] or ([] if wanted else words):
        wanted.append(_beginning(word))
        terms += [stem(word), *(piece for piece in _pieces(word) if len(piece) >= _SHORTEST_STEM)]
    number = _NUMBER.fullmatch(phrase)
    is_code = _FRAGMENT.fullmatch(joined) and any(
        character.isdigit() or character == "@" for character in joined
    )
    return Query(
        phrase=phrase,
        tsquery=" & ".join(wanted),
        fragment=joined.lstrip("#") if is_code else "",
        number=int(number[1]) if number else None,
        terms=tuple(sorted(set(terms), key=len, reverse=True)),
    )


def _telling(words: Iterable[str]) -> list[str]:
    """Return the ``words`` of two or more characters that say something; if there are none, all of that length."""
    long = [word for word in words if len(word) > 1]
    return [word for word in long if word not in _LIGHT] or long


def stem(word: str) -> str:
    """Return the approximate common stem of an English word's forms: refunds, refunded, refunding."""
    if not word.isalpha() or not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _phrase(run: str) -> str:
    # A single character matches, as a prefix, the pairs it begins.
    together = " & ".join(map(_quoted, pairs(run))) if len(run) > 1 else f"{_quoted(run)}:*"
    if len(run) <= _LONG_PHRASE:
        return f"({together})"
    words = _telling(rjieba.cut(run))
    return f"(({together}) | ({' & '.join(map(_quoted, words))}))" if words else f"({together})"


def _beginning(word: str) -> str:
    cut = stem(word)
    whole = f"{_quoted(cut)}:*" if len(cut) >= _SHORTEST_STEM else _quoted(cut)
    pieces = _pieces(word)
    # More pieces than one of letters and one of digits are mostly single digits, as in versions: they match everywhere.
    if len(pieces) != _LETTERS_AND_DIGITS:
        return whole
    return f"({whole} | ({_quoted(pieces[0])} & {_quoted(pieces[1])}:*))"


def _quoted(lexeme: str) -> str:
    escaped = lexeme[:_LONGEST_LEXEME].replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
