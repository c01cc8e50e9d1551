"""Parse address lists (RFC 5322 and its common violations) in one pass over the characters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from feedback.channels.email.encoded_words import decode_words

MOST_RECIPIENTS = 50
MOST_NAME = 200
_ATOM = r"[^\s<>()\[\],;:\"@\\\x00-\x20（）【】，；：。、]"
_EMAIL = re.compile(
    rf"(?:{_ATOM}{{1,128}}|\"[^\"@\\]{{1,64}}\")@(?:{_ATOM}{{1,253}}|\[[0-9A-Fa-f.:IPv]{{3,45}}\])"
)
# In running text match only certain addresses: Chinese follows without a space.
_IN_TEXT = re.compile(r"[A-Za-z0-9._%+=\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){0,20}")
# Hidden or reordering characters: they make a name or a file look like something else.
BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
ZERO_WIDTH = re.compile("[\u00ad\u180e\u200b\u2060\ufeff]")
# Chinese input methods type their own comma.
_SEPARATORS = ",;，；"
# Represents an escaped quote between the two steps; headers contain no such character.
_QUOTE = "\x01"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Mailbox(NamedTuple):
    """A name and an address. ``email`` is "" when no address was found; its domain is in lower case."""

    email: str
    name: str


NOBODY = Mailbox("", "")


def parse_addresses(values: Iterable[str], *, most: int = MOST_RECIPIENTS) -> tuple[list[Mailbox], bool]:
    """Return the mailboxes of raw header values, and whether there were more than ``most``."""
    found: list[Mailbox] = []
    for value in values:
        for mailbox in _mailboxes(value):
            if len(found) >= most:
                return found, True
            found.append(mailbox)
    return found, False


def plain_name(text: str, *, most: int = MOST_NAME) -> str:
    """Return a name on one line without control, bidi and zero-width characters, at most ``most`` long."""
    text = ZERO_WIDTH.sub("", BIDI.sub("", _CONTROLS.sub(" ", text)))
    return " ".join(text.split())[:most]


def emails_in(text: str) -> list[str]:
    """Return the distinct addresses in ``text``, in order."""
    return list(dict.fromkeys(_folded(match[0]) for match in _IN_TEXT.finditer(text)))


def _mailboxes(value: str) -> Iterator[Mailbox]:
    has_email = False
    nameless: list[Mailbox] = []
    for phrase, angle, comment in _split(value):
        mailbox = _mailbox(phrase, angle, comment)
        if mailbox.email:
            has_email = True
            yield mailbox
        elif mailbox.name:
            nameless.append(mailbox)
    if has_email:
        return
    # An unclosed quote or comment swallowed everything: take what looks like an address.
    loose = emails_in(value)
    for email in loose:
        yield Mailbox(email, plain_name(_EMAIL.sub(" ", value)).strip("\"'<>() "))
    if not loose:
        yield from nameless[:1]


def _split(value: str) -> Iterator[tuple[str, str, str]]:
    """Yield (phrase, content of the angle brackets, comment) for each mailbox."""
    phrase: list[str] = []
    angle: list[str] = []
    comment: list[str] = []
    is_quoted, in_angle, depth, is_escaped = False, False, 0, False
    for character in value:
        if is_escaped:
            is_escaped = False
            # Must not be mistaken for an opening or closing quote: see _mailbox.
            (comment if depth else phrase).append(_QUOTE if character == '"' else character)
        elif character == "\\" and (is_quoted or depth):
            is_escaped = True
        elif is_quoted:
            is_quoted = character != '"'
            (angle if in_angle else phrase).append(character)
        elif depth:
            depth += (character == "(") - (character == ")")
            comment.append(character)
        elif in_angle:
            if character == ">" or (character == "," and "@" in angle and angle[0] != "@"):
                in_angle = False
            else:
                angle.append(character)
        elif character == '"':
            is_quoted = True
            phrase.append(character)
        elif character == "(":
            depth = 1
        elif character == "<":
            # Of two addresses in brackets the last one counts; the first stays visible in the name.
            phrase += angle
            angle, in_angle = [], True
        elif character in _SEPARATORS:
            yield "".join(phrase), "".join(angle), "".join(comment)
            phrase, angle, comment = [], [], []
        elif character == ":" and "@" not in phrase:
            # The name of a group: "undisclosed-recipients:;".
            phrase = []
        else:
            phrase.append(character)
    yield "".join(phrase), "".join(angle), "".join(comment)


def _mailbox(phrase: str, angle: str, comment: str) -> Mailbox:
    comment = comment.removesuffix(")")
    if angle:
        # "<@relay,@relay:user@example.com>" names a route; "user @ example.com" has stray spaces.
        inner = re.sub(r"\s*@\s*", "@", re.sub(r"^[^\[]*:", "", angle))
        found = _EMAIL.search(inner)
        email = _folded(found[0]) if found else ""
        name = phrase or comment
    else:
        found = _EMAIL.search(phrase)
        email = _folded(found[0]) if found else ""
        name = phrase.replace(found[0], " ") if found else phrase
        name = name if name.strip(" \t'\"<>") else comment
    name = decode_words(name.replace('"', " ")).replace(_QUOTE, '"')
    name = _without_quotes(plain_name(name).removesuffix("[ ]").strip("<> "))
    if len(name) > 1 and name.startswith('"') and name.endswith('"'):
        name = name[1:-1].strip()
    if not email and angle and "=?" in angle:
        email = next(iter(emails_in(decode_words(angle))), "")
    if not email and "@" in name:
        # The whole field was encoded, address included.
        email = next(iter(emails_in(name)), "")
        name = plain_name(_EMAIL.sub(" ", name).replace("<", " ").replace(">", " ")) if email else name
    return Mailbox(email, name)


def _without_quotes(name: str) -> str:
    """Return "Kim" for "'Kim'", but leave "'Kim' via Support" unchanged."""
    inner = name.strip("'")
    return name if "'" in inner else inner.strip()


def _folded(email: str) -> str:
    local, _at, domain = email.rpartition("@")
    return f"{local.lstrip(chr(39))}@{domain.rstrip('.>' + chr(39)).lower()}"
