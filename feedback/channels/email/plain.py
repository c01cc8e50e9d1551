"""Undo what programs did to the plain text of a mail on its way. Pure."""

from __future__ import annotations

import html
import re

_PGP_HEAD = re.compile(r"\A\s*-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]{1,40}: .{0,200}\n){0,5}\n?")
_STUB = re.compile(
    r"(?:does not|doesn't|cannot|can't|not) (?:support|display|view|show|appear).{0,40}html"
    r"|html.{0,40}(?:viewer|capable|enabled|version)"
    r"|不支持.{0,10}html|html.{0,10}(?:格式|邮件).{0,20}(?:查看|浏览|支持)",
    re.IGNORECASE,
)


def unflow(text: str, *, delsp: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676) within one quote depth."""
    joined: list[list[str]] = []
    depth_before = -1
    is_soft = False
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")
        if is_soft and depth == depth_before and content != "-- ":
            joined[-1].append(content)
        else:
            joined.append([">" * depth + (" " if depth else ""), content])
        is_soft = content.endswith(" ") and content != "-- "
        if is_soft and delsp:
            joined[-1][-1] = content[:-1]
        depth_before = depth
    return "\n".join("".join(pieces) for pieces in joined)


def without_armour(text: str, flags: set[str]) -> str:
    """Return ``text`` without an inline OpenPGP signature; findings are added to ``flags``."""
    if "-----BEGIN PGP MESSAGE-----" in text:
        flags |= {"pgp", "encrypted"}
    begin = text.find("-----BEGIN PGP SIGNED MESSAGE-----")
    end = text.find("\n-----BEGIN PGP SIGNATURE-----", max(begin, 0))
    if begin < 0 or end < 0:
        return text
    flags |= {"pgp", "signed"}
    signed = _PGP_HEAD.sub("", text[begin:end], count=1)
    tail_at = text.find("-----END PGP SIGNATURE-----", end)
    tail = text[tail_at + len("-----END PGP SIGNATURE-----") :] if tail_at >= 0 else ""
    return text[:begin] + re.sub(r"(?m)^- ", "", signed) + tail


def without_entities(plain: str, markup: str) -> str:
    """Return ``plain`` without entities that a program left in when extracting it from the HTML, ``markup``.

    A person who writes about "&nbsp;" has "&amp;nbsp;" in the HTML.
    """
    if "&nbsp;" not in plain or not markup or "&amp;nbsp;" in markup:
        return plain
    return html.unescape(plain).replace("\xa0", " ")


def is_stub(plain: str, markup: str) -> bool:
    """Return whether ``plain`` only refers to the HTML text, ``markup``, or lost its letters on the way."""
    plain = plain.strip()
    if not markup:
        return False
    return _is_lost(plain, markup) or (len(plain) < 300 and bool(_STUB.search(plain)))


def _is_lost(plain: str, markup: str) -> bool:
    """Return whether a program wrote "?" for characters it could not encode but the HTML still has."""
    marks = plain.count("?")
    return marks >= 4 and 2 * marks > len("".join(plain.split())) and markup.count("?") < marks
