"""Remove everything around a person's words in a mail.

Above them, a warning from their mail server; below them, name and phone number, "sent from my phone", disclaimers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from feedback.channels.email import signature_phrases as phrases
from feedback.channels.email.addresses import NOBODY, Mailbox

MOST_LINES = 15
_BORDERS = ("|", "| |", "||")
# "📧 kim@mail.example"
_BEFORE_WORDS = re.compile(r"^\W+")
MOST_CARD_LINES = 6
MOST_BANNER_LINES = 6
MOST_KNOWN = 5
#: No person writes that many lines, and each is compared with each signature.
MOST_SEARCHED = 5_000
MOST_KNOWN_LINES = 40
MOST_PARAGRAPH = 1_000
# Around "sent from my phone", and the link after it.
_ORNAMENT = "-—_=*|()<> \t"
_LINK_BEHIND = re.compile(r"[(<\[]{1,2}\s?https?://[^\s<>]{1,150}\W{0,3}$")
_VOWEL_SIGNS = re.compile("[\u064b-\u0652\u0640]")
_FRAME = re.compile(r"^(?:(?:[^\w\s]|_)\s?){4,80}$")
_PICTURE = re.compile(r"^[\[<](?:image|cid|图片)[^\[\]<>]{0,80}[\]>]$")
_NOT_SAID = re.compile(r"<[^<>]{0,300}>|\W+")
# QQ Mail writes this above any signature.
QQ_RULE = "-" * 18
MOST_LINE = 200


def without_signature(lines: list[str], *, sender: Mailbox = NOBODY) -> list[str]:
    """Return ``lines`` without the signature. Only the last few lines are examined.

    ``sender`` is the sender of the mail: a few short lines about them are a card.
    """
    lines = _trimmed(lines)
    for _round in range(3):
        count = len(lines)
        lines = _without_program_line(lines)
        lines = _cut_at(lines, _table_start(lines))
        lines = _cut_at(lines, _marked_start(lines))
        lines = _cut_at(lines, _disclaimer_start(lines))
        lines = _cut_at(lines, _card_start(lines))
        lines = _cut_at(lines, _framed_start(lines))
        lines = _cut_at(lines, _signed_off_start(lines))
        lines = _cut_at(lines, _own_card_start(lines, sender))
        if len(lines) == count:
            break
    return lines


def without_known(lines: list[str], signatures: Sequence[str]) -> list[str]:
    """Return ``lines`` without ``signatures`` that the HTML marks as such, unless nothing would be left."""
    if len(lines) > MOST_SEARCHED:
        return lines
    for signature in signatures[:MOST_KNOWN]:
        wanted = [key for key in map(_key, signature.split("\n")[:MOST_KNOWN_LINES]) if key]
        numbered = [(number, key) for number, line in enumerate(lines) if (key := _key(line))]
        keys = [key for _number, key in numbered]
        dropped: set[int] = set()
        at = 0
        while wanted and at + len(wanted) <= len(keys):
            if keys[at] == wanted[0] and keys[at : at + len(wanted)] == wanted:
                dropped |= {number for number, _key in numbered[at : at + len(wanted)]}
                at += len(wanted)
            else:
                at += 1
        if len(dropped) < len(keys):
            lines = [line for number, line in enumerate(lines) if number not in dropped]
    return lines


def _key(line: str) -> str:
    """Return the content of a line, however a program represents bold letters, links and quotes."""
    return _NOT_SAID.sub("", line[:MOST_LINE]).lower()


def banner_end(lines: list[str]) -> int:
    """Return where a mail begins below the warning that it comes from outside, 0 if there is none."""
    start = _next_words(lines, 0)
    if start == len(lines) or not phrases.BANNER.match(_plain(lines[start])):
        return 0
    end = start
    while end < len(lines) and lines[end].strip():
        end += 1
    below = _next_words(lines, end)
    return below if end - start <= MOST_BANNER_LINES and below < len(lines) else 0


def _next_words(lines: list[str], start: int) -> int:
    return next((number for number in range(start, len(lines)) if lines[number].strip()), len(lines))


def _trimmed(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return lines[:end]


def _cut_at(lines: list[str], start: int | None) -> list[str]:
    """Cut at ``start`` unless nothing would be left."""
    if start is None:
        return lines
    above = _trimmed(lines[:start])
    while above and _FRAME.match(_plain(above[-1])):
        above = _trimmed(above[:-1])
    return above or lines


def _tail(lines: list[str]) -> range:
    return range(max(len(lines) - 2 * MOST_LINES, 0), len(lines))


def _plain(line: str) -> str:
    # Arabic is written with or without vowel signs.
    return _VOWEL_SIGNS.sub("", line[:MOST_LINE].replace("\xa0", " ").replace("\u3000", " ").strip())


def _without_program_line(lines: list[str]) -> list[str]:
    if not lines:
        return lines
    line = _LINK_BEHIND.sub("", _plain(lines[-1]).strip(_ORNAMENT)).strip(_ORNAMENT)
    is_by_program = (
        phrases.SENT_FROM.match(line)
        or phrases.UNSUBSCRIBE.match(line)
        or phrases.REGISTERED.search(line)
        or all(what.search(line) for what in (phrases.PRINTING, phrases.TREES, phrases.SPARING))
    )
    return _trimmed(lines[:-1]) if is_by_program else lines


def _table_start(lines: list[str]) -> int | None:
    """Return where NetEase's signature table begins: its borders became "|" lines."""
    if not lines or _plain(lines[-1]) not in _BORDERS:
        return None
    return next(number for number in _tail(lines)[-12:] if _plain(lines[number]) in _BORDERS)


def _marked_start(lines: list[str]) -> int | None:
    """Return where "-- " is; without its space it counts only if it occurs once, above a few short lines."""
    exact = next((number for number in _tail(lines) if lines[number] == "-- "), None)
    if exact is not None:
        return exact
    marks = [number for number in _tail(lines) if phrases.SIGNATURE_MARK.match(_plain(lines[number]))]
    if len(marks) != 1:
        return None
    below = _below(lines, marks[0])
    is_card = len(below) <= MOST_LINES and any(map(phrases.CONTACT.search, below))
    return marks[0] if _are_short(below, most=MOST_LINES if is_card else MOST_CARD_LINES) else None


def _disclaimer_start(lines: list[str]) -> int | None:
    for number in _tail(lines):
        if phrases.DISCLAIMER_HEADING.match(_plain(lines[number])):
            paragraph = f"{lines[number]} {_paragraph(lines, number + 1)}"
            is_told = bool(phrases.SECRET.search(paragraph) or phrases.EXCLUSIVE.search(paragraph))
        else:
            paragraph = _paragraph(lines, number)
            is_told = _is_disclaimer(paragraph, is_whole=not _line_above(lines, number))
        if is_told and not phrases.FIRST_PERSON.search(paragraph) and paragraph.rstrip()[-1] not in "?？":
            return number
    return None


def _is_disclaimer(paragraph: str, *, is_whole: bool) -> bool:
    """Return whether it declares the mail secret or only for its recipient. ``is_whole``: no line directly above it."""
    is_secret = bool(phrases.SECRET.search(paragraph))
    is_addressed = bool(phrases.ADDRESSED.search(paragraph))
    if phrases.ABOUT_THIS_MAIL.match(paragraph):
        return is_secret or (is_addressed and bool(phrases.EXCLUSIVE.search(paragraph)))
    return is_whole and is_secret and is_addressed and bool(phrases.THIS_MAIL.search(paragraph))


def _line_above(lines: list[str], number: int) -> str:
    return lines[number - 1].strip() if number else ""


def _paragraph(lines: list[str], start: int) -> str:
    """Return the paragraph at ``start``, or the next one if that is an empty line, as one line."""
    start = _next_words(lines, start)
    end = next((number for number in range(start, len(lines)) if not lines[number].strip()), len(lines))
    return " ".join(lines[number][:MOST_PARAGRAPH] for number in range(start, min(end, start + MOST_LINES)))


def _card_start(lines: list[str]) -> int | None:
    """Return where a rule precedes a business card: a name, then lines with numbers and addresses.

    A number alone is not a card: the sender wants to be called.
    """
    for number in _tail(lines):
        if not phrases.SIGNATURE_RULE.match(_plain(lines[number])):
            continue
        below = _below(lines, number)
        is_foot = any(map(phrases.LIST_FOOT.search, below)) and any(map(phrases.CONTACT.search, below))
        if is_foot and _are_short(below):
            return number
        if lines[number] == QQ_RULE and _are_short(below) and not any(map(phrases.SENTENCE.search, below)):
            return number
        return number if _is_card(below) and not phrases.CONTACT.search(below[0]) else None
    return None


def _signed_off_start(lines: list[str]) -> int | None:
    """Return where "Best regards," precedes a card. Above just a name it is kept: that is part of the message."""
    for number in _tail(lines)[::-1]:
        line = _plain(lines[number])
        if not phrases.SIGN_OFF.match(line):
            continue
        if not _is_card([line for line in _below(lines, number) if not phrases.SIGN_OFF.match(line)]):
            return None
        while number and phrases.SIGN_OFF.match(_plain(lines[number - 1])):
            number -= 1
        return number
    return None


def _framed_start(lines: list[str]) -> int | None:
    """Return where a card between two ornamental lines begins, as is common in Japan."""
    frames = [number for number in _tail(lines) if _FRAME.match(_plain(lines[number]))]
    if len(frames) < 2 or frames[-1] != len(lines) - 1:
        return None
    return frames[-2] if _is_card(_below(lines, frames[-2])) else None


def _is_card(lines: list[str]) -> bool:
    """Return whether ``lines`` say who a person is and how to reach them, and nothing else.

    A number alone is not a card: the sender wants to be called, or it is an order number.
    """
    lines = [line for line in lines if not (_FRAME.match(line) or _PICTURE.match(line))]
    contacts = sum(bool(phrases.CONTACT.search(line)) for line in lines)
    if not contacts or not 2 <= len(lines) <= MOST_LINES:
        return False
    if any(phrases.ASKING.search(line) or phrases.FIRST_PERSON.search(line) for line in lines):
        return False
    others = [line for line in lines if not phrases.CONTACT.search(line)]
    is_plain = contacts > 1 or not any(map(phrases.OTHER_LABEL.match, others))
    return is_plain and not any(len(line) > 80 or phrases.SENTENCE.search(line) for line in others)


def _own_card_start(lines: list[str], sender: Mailbox) -> int | None:
    """Return where the last paragraph begins if it is the sender's card: a name, then contact details."""
    start = len(lines)
    while start and lines[start - 1].strip():
        start -= 1
    card = [_plain(line) for line in lines[start:]]
    if not card:
        return None
    is_named = sender.name and card[0].strip(_ORNAMENT).lower().startswith(sender.name.lower())
    if is_named and _is_card(card):
        return start
    has_address = bool(sender.email) and any(_is_address_line(line, sender.email) for line in card[-2:])
    is_card = has_address and _are_short(card) and not any(phrases.SENTENCE.search(line) for line in card)
    return start if is_card else None


def _is_address_line(line: str, sender: str) -> bool:
    words = _BEFORE_WORDS.sub("", line.lower().replace("：", ":").rpartition(":")[2]).strip(" <>|")
    return words == sender.lower()


def _below(lines: list[str], number: int) -> list[str]:
    return [_plain(line) for line in lines[number + 1 :] if line.strip()]


def _are_short(lines: list[str], *, most: int = MOST_CARD_LINES) -> bool:
    return len(lines) <= most and all(len(line) <= 60 for line in lines)
