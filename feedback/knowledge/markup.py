"""Turn the little Markdown of our articles into safe HTML. Pure.

A part of Markdown is enough for instructions, and small enough to be safe by construction: every character of the
source is escaped first, and the only tags are those written here.
"""

from __future__ import annotations

import re
from html import escape

_HEADING = re.compile(r"#{1,6}\s+(.*)")
_BULLET = re.compile(r"[-*]\s+(.*)")
_NUMBER = re.compile(r"\d+[.)]\s+(.*)")
_CODE = re.compile(r"`([^`\n]+)`")
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_SLANTED = re.compile(r"(?<![\w*])\*([^*\s][^*\n]*)\*(?![\w*])")
# Addresses of the web, of mail, and our own; never javascript: or data:.
_LINK = re.compile(r"\[([^\]\n]+)\]\(((?:https?://|mailto:|/(?!/))[^\s()]*)\)")


def as_html(markdown: str) -> str:
    """Return ``markdown`` as HTML: paragraphs, headings, lists, bold, slanted, code, links. HTML in it stays text."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", markdown.replace("\r\n", "\n").strip()):
        blocks += _block(block.split("\n"))
    return "\n".join(blocks)


def _block(lines: list[str]) -> list[str]:
    """Return one block's HTML; a list or heading may follow a line without a blank one between."""
    html: list[str] = []
    plain: list[str] = []
    items: list[str] = []
    kind = ""

    def close() -> None:
        if plain:
            html.append(f"<p>{'<br>'.join(plain)}</p>")
            plain.clear()
        if items:
            html.append(f"<{kind}>{''.join(f'<li>{item}</li>' for item in items)}</{kind}>")
            items.clear()

    for line in (line.strip() for line in lines):
        if match := _HEADING.fullmatch(line):
            close()
            html.append(f"<h2>{_inline(match[1])}</h2>")
            continue
        match = _BULLET.fullmatch(line) or _NUMBER.fullmatch(line)
        wanted = "" if match is None else "ul" if line[0] in "-*" else "ol"
        if wanted != kind or (match is not None and plain):
            close()
        kind = wanted
        if match is not None:
            items.append(_inline(match[1]))
        elif line:
            plain.append(_inline(line))
    close()
    return html


def _inline(text: str) -> str:
    html = escape(text)
    html = _CODE.sub(r"<code>\1</code>", html)
    html = _BOLD.sub(r"<strong>\1</strong>", html)
    html = _SLANTED.sub(r"<em>\1</em>", html)
    return _LINK.sub(r'<a href="\2" rel="noreferrer noopener">\1</a>', html)
