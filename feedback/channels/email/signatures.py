"""Take away what stands around a person's words in a mail.

Above them a warning of their mail server; below them name and phone number, "sent from my phone", disclaimers.
"""

from __future__ import annotations

import re

from feedback.channels.email import phrases

MOST_LINES = 15
_BORDERS = ("|", "| |", "||")
# "📧 kim@mail.example"
_BEFORE_WORDS = re.compile(r"^\W+")
MOST_CARD_LINES = 6
MOST_BANNER_LINES = 6
# QQ Mail writes it above a signature, whatever that says.
QQ_RULE = "-" * 18
MOST_LINE = 200


def without_signature(lines: list[str], *, sender: str = "") -> list[str]:
    """Return ``lines`` without signature. Only the last few lines are looked at.

    ``sender`` is the address the mail came from: a few short lines with it are a card.
    """
    lines = _trimmed(lines)
    for _round in range(3):
        count = len(lines)
        lines = _without_program_line(lines)
        lines = _cut_at(lines, _table_start(lines))
        lines = _cut_at(lines, _marked_start(lines))
        lines = _cut_at(lines, _disclaimer_start(lines))
        lines = _cut_at(lines, _card_start(lines))
        lines = _cut_at(lines, _own_card_start(lines, sender))
        if len(lines) == count:
            break
    return lines


def banner_end(lines: list[str]) -> int:
    """Return where a mail begins below the warning that it comes from outside, 0 without one."""
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
    """Cut at ``start`` unless nothing would stay."""
    if start is None:
        return lines
    above = _trimmed(lines[:start])
    while above and (phrases.RULE.match(last := _plain(above[-1])) or phrases.SIGNATURE_RULE.match(last)):
        above = _trimmed(above[:-1])
    return above or lines


def _tail(lines: list[str]) -> range:
    return range(max(len(lines) - 2 * MOST_LINES, 0), len(lines))


def _plain(line: str) -> str:
    return line[:MOST_LINE].replace("\xa0", " ").replace("\u3000", " ").strip()


def _without_program_line(lines: list[str]) -> list[str]:
    if not lines or not phrases.SENT_FROM.match(_plain(lines[-1])):
        return lines
    return _trimmed(lines[:-1])


def _table_start(lines: list[str]) -> int | None:
    """Return where the table begins that NetEase writes as a signature: its borders became "|" lines."""
    if not lines or _plain(lines[-1]) not in _BORDERS:
        return None
    return next(number for number in _tail(lines)[-12:] if _plain(lines[number]) in _BORDERS)


def _marked_start(lines: list[str]) -> int | None:
    """Return where "-- " stands; without its space it counts only once, above a few short lines."""
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
        if phrases.DISCLAIMER.match(_plain(lines[number])):
            below = " ".join(_plain(line) for line in lines[number:])
            return number if phrases.SECRECY.search(below) else None
    return None


def _card_start(lines: list[str]) -> int | None:
    """Return where a rule stands above a visiting card: a name, then lines with numbers and addresses.

    A number alone is no card: somebody wants to be called.
    """
    for number in _tail(lines):
        if not phrases.SIGNATURE_RULE.match(_plain(lines[number])):
            continue
        below = _below(lines, number)
        if lines[number] == QQ_RULE and _are_short(below) and not any(map(phrases.SENTENCE.search, below)):
            return number
        if len(below) > 1 and _are_short(below) and not phrases.CONTACT.search(below[0]):
            return number if all(phrases.CONTACT.search(line) for line in below[1:]) else None
    return None


def _own_card_start(lines: list[str], sender: str) -> int | None:
    """Return where the last paragraph begins when it is the sender's card: a name, then their address."""
    start = len(lines)
    while start and lines[start - 1].strip():
        start -= 1
    card = [_plain(line) for line in lines[start:]]
    has_address = any(_is_address_line(line, sender) for line in card[-2:]) if sender else False
    is_card = has_address and _are_short(card) and not any(phrases.SENTENCE.search(line) for line in card)
    return start if is_card else None


def _is_address_line(line: str, sender: str) -> bool:
    words = _BEFORE_WORDS.sub("", line.lower().replace("：", ":").rpartition(":")[2]).strip(" <>|")
    return words == sender.lower()


def _below(lines: list[str], number: int) -> list[str]:
    return [_plain(line) for line in lines[number + 1 :] if line.strip()]


def _are_short(lines: list[str], *, most: int = MOST_CARD_LINES) -> bool:
    return len(lines) <= most and all(len(line) <= 60 for line in lines)
