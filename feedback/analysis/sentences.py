"""Split a message into the units that are encoded and judged one by one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Beyond this the encoder becomes slow and vague; a longer stretch is cut at the best place before it.
LONGEST = 400
# A sentence longer than this is cut at commas: an urgent clause must not drown among harmless ones.
_LONG_SIGNS = 120
_PIECE_SIGNS = 60
# The most sentences, and characters in them, read from a long text: three quarters from its beginning, one quarter
# from its end. A megabyte must not occupy a worker for long: the encoder takes a second for 10,000 characters
# without a space.
_MOST_SENTENCES, _MOST_SIGNS = 200, 24_000
# The most characters scanned for sentences: blanks and ornaments may be much longer than the words.
_MOST_SEEN = 100_000
_AT_THE_BEGINNING = 3 / 4

_END = re.compile(r"[。！？!?…；;]+[”’\"'」』）)]*|\.(?=\s|$)[”’\"')]*|\n+|\r+")
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|st|no|vs|etc|e\.g|i\.e|approx|inc|ltd|u\.s|a\.m|p\.m)\.$", re.I
)
_COMMA = re.compile(
    # The lookbehind makes a run of spaces match only from its first: else 20,000 of them would be tried from each.
    r"[，、,：:]\s*|(?<!\s)\s+(?=(?:but|and then|because|so|however)\b)| (?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff]) "
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD_CHARACTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Sentence:
    """A span of the text it was taken from: ``text == whole[start:end]``."""

    text: str
    start: int
    end: int


def has_words(text: str) -> bool:
    """Return whether ``text`` contains a letter or digit of any script."""
    return _WORD_CHARACTER.search(text) is not None


def width(text: str) -> int:
    """Return the width of ``text`` in Latin letters: an East Asian character counts as three."""
    return len(text) + 2 * len(_WIDE.findall(text))


def _trimmed(text: str, start: int, end: int) -> Sentence | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    piece = text[start:end]
    return Sentence(piece, start, end) if has_words(piece) else None


def _stretches(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut ``text[start:end]`` at full stops, question marks, line ends."""
    stretches = []
    for match in _END.finditer(text, start, end):
        if match.group().startswith(".") and _ABBREVIATION.search(
            text, max(0, match.start() - 8), match.start() + 1
        ):
            continue
        stretches.append((start, match.end()))
        start = match.end()
    stretches.append((start, end))
    return stretches


def _clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut a long stretch into sizeable pieces at commas, and force a cut in any longer than ``LONGEST``."""
    if end - start <= _LONG_SIGNS and width(text[start:end]) <= _LONG_SIGNS:
        return [(start, end)]
    pieces = []
    for match in _COMMA.finditer(text, start, end):
        # This many characters are always wide enough; measuring all of a long text at each comma takes hours.
        before = text[max(start, match.start() - _PIECE_SIGNS) : match.start()]
        after = text[match.end() : min(end, match.end() + _PIECE_SIGNS)]
        if width(before) >= _PIECE_SIGNS and width(after) >= _PIECE_SIGNS:
            pieces.append((start, match.end()))
            start = match.end()
    pieces.append((start, end))
    return [cut for piece in pieces for cut in _forced(text, *piece)]


def _forced(text: str, start: int, end: int) -> list[tuple[int, int]]:
    cuts = []
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space + 1 if space > 0 else start + LONGEST
        cuts.append((start, cut))
        start = cut
    return [*cuts, (start, end)]


def _seen(text: str) -> list[tuple[int, int]]:
    """Return the spans of ``text`` to scan: all of it, or both ends of a very long one."""
    if len(text) <= _MOST_SEEN:
        return [(0, len(text))]
    first = int(_MOST_SEEN * _AT_THE_BEGINNING)
    return [(0, first), (len(text) - (_MOST_SEEN - first), len(text))]


def _within(sentences: Iterable[Sentence], share: float) -> list[Sentence]:
    """Return the leading ``sentences`` that fit into this ``share`` of the limits."""
    fitting: list[Sentence] = []
    signs = 0
    for sentence in sentences:
        signs += len(sentence.text)
        if len(fitting) == int(_MOST_SENTENCES * share) or signs > _MOST_SIGNS * share:
            break
        fitting.append(sentence)
    return fitting


def split(text: str) -> list[Sentence]:
    """Split ``text`` into sentences, and long sentences into clauses; none longer than 400 characters.

    Stretches without a letter or digit are dropped, so a blank or emoji-only text gives []. Of a text of more than 200
    pieces or 24,000 characters that many are kept, three quarters from the beginning and one quarter from the end,
    where the important things are said.
    """
    found = []
    for seen in _seen(text):
        for stretch in _stretches(text, *seen):
            for start, end in _clauses(text, *stretch):
                sentence = _trimmed(text, start, end)
                if sentence is not None:
                    found.append(sentence)
    if len(found) <= _MOST_SENTENCES and sum(len(sentence.text) for sentence in found) <= _MOST_SIGNS:
        return found
    first = _within(found, _AT_THE_BEGINNING)
    last = _within(reversed(found[len(first) :]), 1 - _AT_THE_BEGINNING)
    return [*first, *reversed(last)]
