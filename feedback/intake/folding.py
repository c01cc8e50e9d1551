"""Fold a message for matching: one character in, at most one character out, positions kept.

Every word list and model in the project reads folded text, so that full-width letters, Traditional
characters, hidden characters and look-alike letters cannot hide a word from it. Folding never changes
what is stored or shown.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Never visible and never needed by a script.
_ALWAYS_HIDDEN = "\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"
# Joiners carry meaning in emoji and in Arabic and Indic scripts; between Latin or Han letters they only hide.
_JOINERS = "\u200c\u200d"
_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ANY_HIDDEN = re.compile(f"[{_ALWAYS_HIDDEN}{_JOINERS}{_BIDI}]")
_BIDI_OVERRIDES = frozenset("\u202d\u202e")
_PLAIN_LETTER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]")

# Compatibility blocks that NFKC maps one to one without changing what a reader sees. Punctuation is left
# alone: "，" and "。" tell the sentence splitter more than "," and "." do.
_COMPATIBLE = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uf900-\ufaff\U0001d400-\U0001d7ff\u24b6-\u24e9]"
)

_LATIN_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁӏАВЕКМНОРСТХІЈЅοαικνρτυΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeopcyxijshdlABEKMHOPCTXIJSoaikvptuABEZHIKMNOPTYX"
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WORD = re.compile(r"\w+")
_LATIN = re.compile(r"[A-Za-z]")
_LOOKING_LATIN = re.compile(r"[\u0370-\u03ff\u0400-\u04ff]")


@dataclass(frozen=True)
class Folded:
    """Text folded for matching, with a mapping back to the original.

    ``positions`` gives the original index of each folded character, None when the indexes agree.
    ``is_disguised`` is True when hidden, overriding or look-alike characters had been inserted.
    """

    text: str
    positions: tuple[int, ...] | None
    is_disguised: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a half-open span of the folded text into one of the original text."""
        if self.positions is None or start >= end:
            return start, end
        return self.positions[start], self.positions[end - 1] + 1


@cache
def _plain_characters() -> dict[int, str]:
    """Return OpenCC's Traditional to Simplified table plus straight quotes.

    Only single characters are mapped, so that lengths do not change.
    """
    table = {}
    for line in (
        (files("opencc") / "dictionary" / "TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    ):
        traditional, _, choices = line.partition("\t")
        first = choices.split(" ")[0]
        if len(traditional) == len(first) == 1 and traditional != first:
            table[ord(traditional)] = first
    table.update(dict.fromkeys(map(ord, "‘’ʼ´`"), "'") | dict.fromkeys(map(ord, "“”"), '"'))
    # Two spellings of the same word: 账号, 帐号.
    table.update({ord("帳"): "账", ord("帐"): "账"})
    # OpenCC keeps these apart by phrase; in messages the common reading wins.
    table[ord("著")] = "着"
    table.pop(ord("乾"), None)
    return table


def simplify(text: str) -> str:
    """Replace Traditional characters with Simplified and curly quotes with straight ones, keeping the length."""
    return text.translate(_plain_characters())


def _compatible(match: re.Match[str]) -> str:
    character = match.group()
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _look_alikes(match: re.Match[str]) -> str:
    word = match.group()
    is_mixed = _LOOKING_LATIN.search(word) and _LATIN.search(word)
    return word.translate(_LATIN_LOOK_ALIKES) if is_mixed else word


def _lower(text: str) -> str:
    lowered = text.lower()
    # A few letters grow when lowercased ("İ"), which would shift the positions.
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _visible(text: str) -> tuple[str, tuple[int, ...] | None, bool]:
    """Drop hidden characters; return the rest, its positions, and whether the dropped ones look deceptive."""
    if not _ANY_HIDDEN.search(text):
        return text, None, False
    kept: list[int] = []
    is_disguised = False
    for index, character in enumerate(text):
        if character in _ALWAYS_HIDDEN or character in _JOINERS:
            # Looks one character to both sides; a slice at the edge is empty and matches nothing.
            before, after = text[max(0, index - 1) : index], text[index + 1 : index + 2]
            between = bool(_PLAIN_LETTER.match(before) and _PLAIN_LETTER.match(after))
            is_disguised = is_disguised or between
            if character in _JOINERS and not between:
                kept.append(index)
        elif character in _BIDI:
            is_disguised = is_disguised or character in _BIDI_OVERRIDES
        else:
            kept.append(index)
    return "".join(text[index] for index in kept), tuple(kept), is_disguised


def fold(text: str) -> Folded:
    """Fold ``text`` for matching.

    Drops hidden characters, makes full-width and look-alike letters plain, Traditional characters
    Simplified, and everything lower case.
    """
    visible, positions, is_disguised = _visible(text)
    plain = _COMPATIBLE.sub(_compatible, _SURROGATE.sub("\ufffd", visible))
    # Word by word: a single pattern with a lookahead would be quadratic on 20,000 letters without a space.
    unmasked = _WORD.sub(_look_alikes, plain) if _LOOKING_LATIN.search(plain) else plain
    is_disguised = is_disguised or unmasked != plain
    return Folded(_lower(simplify(unmasked)), positions, is_disguised)
