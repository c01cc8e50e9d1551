"""Convert HTML to readable text in one pass; quoted blocks are marked with ">" so that quotes can be cut."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]{0,40})")
# Not "font-size: 0": newsletters set it on every cell and reset it inside.
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden|max-height\s*:\s*0(?![.\d])"
    r"|[;\"'\s]opacity\s*:\s*0(?![.\d])|\shidden(?:\s|=\"|>)",
    re.IGNORECASE,
)
_ALT = re.compile(r"""\balt\s*=\s*(?:"([^"]{0,40})"|'([^']{0,40})')""", re.IGNORECASE)
_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_SPACES = re.compile(" {2,}")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_RAW_TEXT = {"script", "style", "title", "textarea", "xml", "noscript", "template"}
_VOID = {"br", "hr", "img", "input", "meta", "link", "base", "area", "col", "wbr", "source", "embed", "param"}
_BLOCKS = {
    *("address", "article", "aside", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "ol", "p", "pre", "section"),
    *("table", "tbody", "tr", "ul", "blockquote", "body", "html", "head", "caption", "thead", "tfoot"),
}
_SPACED = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"}
# A number too long for Python to parse and for any character.
_LONG_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,}")
_HALVES = re.compile(r"&#(5[56]\d{3});&#(5[67]\d{3});")
# "Kim <kim@mail.example>" with the "<" left unescaped.
_BARE_ADDRESS = re.compile(r"<[^\s<>@\"'=/]{1,64}@[^\s<>@\"'=/]{3,253}>")
# Gmail and others indent a paragraph with a blockquote without a border.
_INDENT = re.compile(r"(?<![\w-])border\s*:\s*(?:none|medium none|0(?:px)?)\s*[;\"']", re.IGNORECASE)
# How Gmail, Outlook, Apple, Thunderbird, NetEase, Proton and others name it.
_SIGNATURE = re.compile(
    r"""\sdata-[\w-]{0,20}signature|\s(?:class|id|name|data-[\w-]{1,30})\s*=\s*["']?[^"'<>]{0,80}signature"""
    r"""(?!_?(?:bookmark|prefix))""",
    re.IGNORECASE,
)
_COLOUR = re.compile(
    r"""(?:[;"'\s]color\s*[:=]\s*["']?)(#[0-9a-f]{6}\b|#[0-9a-f]{3}\b|rgb\([\d\s,]{5,20}\)|[a-z]{3,10})""",
    re.IGNORECASE,
)
_VIVID_NAMES = {"red", "blue", "green", "purple", "orange", "crimson", "magenta", "darkred", "fuchsia"}
#: The least difference between the strongest and the weakest of red, green and blue.
_VIVID = 100
MOST_SOURCE = 1_000_000
MOST_DEPTH = 2_000
MOST_SIGNATURES = 5
MOST_SIGNATURE_LINES = 40


@dataclass(frozen=True)
class Page:
    """``text``: what a reader sees, blockquotes prefixed with "> ". ``signatures``: the signatures in it.

    ``coloured``: the lines that are entirely in a colour, as answers within another person's text often are.
    """

    text: str
    signatures: tuple[str, ...]
    coloured: frozenset[str]


NO_PAGE = Page("", (), frozenset())


# For a mail with only HTML this is called twice, for its text and for its details.
@lru_cache(maxsize=2)
def read_page(source: str) -> Page:
    """Return what ``source`` displays; never raises, linear. Only the first million characters are read."""
    reader = _Reader(source[:MOST_SOURCE])
    text = reader.text()
    return Page(text, tuple(reader.signatures), frozenset(reader.coloured))


def html_to_text(source: str) -> str:
    """Return the text of ``source`` as extracted by read_page()."""
    return read_page(source).text


def _is_vivid(tag: str) -> bool:
    """Return whether ``tag`` sets a colour clearly different from black, grey and white."""
    found = _COLOUR.search(tag)
    if found is None:
        return False
    colour = found[1].lower()
    if colour.startswith("#"):
        digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
        parts = [int(digits[at : at + 2], 16) for at in (0, 2, 4)]
    else:
        parts = [int(part[:3]) for part in re.findall(r"\d+", colour)]
    return colour in _VIVID_NAMES or (len(parts) == 3 and max(parts) - min(parts) >= _VIVID)


def _unescaped(text: str) -> str:
    return html.unescape(_LONG_REFERENCE.sub("\ufffd", _HALVES.sub(_joined, text)))


def _joined(halves: re.Match[str]) -> str:
    """Return the emoji that a phone wrote as two UTF-16 surrogates."""
    high, low = int(halves[1]) - 0xD800, int(halves[2]) - 0xDC00
    are_halves = 0 <= high < 0x400 and 0 <= low < 0x400
    return chr(0x10000 + (high << 10) + low) if are_halves else halves[0]


class _Element(NamedTuple):
    name: str
    is_hidden: bool
    is_quote: bool
    is_signature: bool
    is_vivid: bool
    #: The number of lines when it began.
    start: int


class _Reader:
    def __init__(self, source: str) -> None:
        self.source = source
        # Not str.lower(): that changes the length of some Turkish letters.
        self.lower = source.translate(_LOWER)
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quote_depth = 0
        self.preformatted = 0
        self.open: list[_Element] = []
        self.open_names: Counter[str] = Counter()
        self.hidden = 0
        self.vivid = 0
        self.is_line_vivid = True
        self.coloured: set[str] = set()
        self.signatures: list[str] = []
        # Terminators that a search has shown to be absent from here on: not searched for again.
        self.absent: set[str] = set()

    def text(self) -> str:
        position = 0
        source = self.source
        while position < len(source):
            found = _MARKUP.search(source, position)
            if found is None or ">" in self.absent:
                self._write(source[position:])
                break
            at = found.start()
            self._write(source[position:at])
            position = self._markup(at)
        self._break()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n")

    def _find(self, what: str, start: int) -> int:
        if what in self.absent:
            return -1
        at = self.lower.find(what, start)
        if at < 0:
            self.absent.add(what)
        return at

    def _markup(self, at: int) -> int:
        """Handle the markup at ``at``; return where to read on."""
        source = self.source
        if source.startswith("<!--", at):
            end = self._find("-->", at + 4)
            return end + 3 if end >= 0 else len(source)
        if source.startswith(("<!", "<?"), at):
            end = self._find(">", at)
            return end + 1 if end >= 0 else len(source)
        if address := _BARE_ADDRESS.match(source, at):
            self._write(address[0])
            return address.end()
        name_match = _TAG_NAME.match(source, at + 1)
        end = self._tag_end(at) if name_match else -1
        if name_match is None or end < 0:
            self._write("<")
            return at + 1
        name = name_match[1].lower()
        tag = source[at : end + 1]
        if source[at + 1] == "/":
            self._close(name)
            return end + 1
        if name in _RAW_TEXT:
            closing = self._find(f"</{name}", end)
            return closing if closing >= 0 else end + 1
        self._open(name, tag)
        return end + 1

    def _tag_end(self, at: int) -> int:
        end = self._find(">", at)
        if end < 0:
            return -1
        # A ">" inside a quoted attribute value does not end the tag.
        quote = self.source.count('"', at, end) % 2
        if quote and end - at < 4_000:
            closing = self.source.find('"', end, end + 4_000)
            later = self.source.find(">", closing, closing + 4_000) if closing >= 0 else -1
            return later if later >= 0 else end
        return end

    def _open(self, name: str, tag: str) -> None:
        if name == "br":
            self._break(keep_empty=True)
            return
        if name == "hr":
            self._break()
            self._write("________")
            self._break()
            return
        if name == "img":
            found = _ALT.search(tag[:2_000])
            alt = (found[1] or found[2] or "") if found else ""
            # Pictures of emoji have the emoji as their text; longer texts describe decoration.
            self._write(_unescaped(alt) if len(alt) <= 12 and not alt.isascii() else "")
            return
        if name in _VOID or tag.endswith("/>"):
            return
        if name in ("td", "th") and self.line:
            self._write(" ")
        if name in _BLOCKS:
            self._break(is_spaced=name in _SPACED)
        if len(self.open) < MOST_DEPTH:
            # Most tags have no attributes to look at.
            head = tag[:2_000] if len(tag) > len(name) + 2 else ""
            element = _Element(
                name=name,
                is_hidden=bool(_HIDDEN.search(head)),
                is_quote=name == "blockquote" and not _INDENT.search(head),
                is_signature=name in ("sign", "signature") or bool(_SIGNATURE.search(head)),
                is_vivid=name != "a" and _is_vivid(head),
                start=len(self.lines),
            )
            self.open.append(element)
            self.open_names[name] += 1
            self.hidden += element.is_hidden
            self.quote_depth += element.is_quote
            self.vivid += element.is_vivid
            self.preformatted += name == "pre"
        if name == "li":
            self._write("- ")

    def _close(self, name: str) -> None:
        if name in _BLOCKS:
            self._break(is_spaced=name in _SPACED)
        if not self.open_names[name]:
            return
        # Tags left open inside are closed with it; each is popped once, so this stays linear.
        while self.open:
            element = self.open.pop()
            self.open_names[element.name] -= 1
            self.hidden -= element.is_hidden
            self.quote_depth -= element.is_quote
            self.vivid -= element.is_vivid
            self.preformatted -= element.name == "pre"
            if element.is_signature and len(self.signatures) < MOST_SIGNATURES:
                self.signatures.append("\n".join(self.lines[element.start :][:MOST_SIGNATURE_LINES]))
            if element.name == name:
                return

    def _write(self, text: str) -> None:
        if not text or self.hidden:
            return
        text = _unescaped(text)
        self.is_line_vivid = self.is_line_vivid and bool(self.vivid or not text.strip())
        if self.preformatted:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for other in others:
                self._break(keep_empty=True)
                self.line.append(other)
            return
        self.line.append(_SPACE.sub(" ", text))

    def _break(self, *, is_spaced: bool = False, keep_empty: bool = False) -> None:
        text = "".join(self.line).replace("\xa0", " ")
        text = text.rstrip() if self.preformatted else _SPACES.sub(" ", text).strip()
        self.line.clear()
        prefix = "> " * min(self.quote_depth, 10)
        if text and self.is_line_vivid:
            self.coloured.add(text)
        self.is_line_vivid = True
        if text or keep_empty:
            self.lines.append((prefix + text).rstrip())
        if is_spaced and self.lines and self.lines[-1].strip("> "):
            self.lines.append(prefix.rstrip())
