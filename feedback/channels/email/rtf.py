r"""Convert Rich Text Format to text, or to the HTML that Outlook put in it ([MS-OXRTFEX]). Pure, one pass, bounded."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field, replace

from feedback.channels.email.charsets import decode

MOST_SOURCE = 500_000
MOST_DEPTH = 200

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9A-Fa-f]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)
_SIGNS = {
    **dict.fromkeys(("par", "line", "sect", "page", "row"), "\n"),
    **dict.fromkeys(("tab", "cell", "nestcell"), "\t"),
    **dict.fromkeys(("emspace", "enspace", "qmspace"), " "),
    **dict(
        zip(
            ("emdash", "endash", "bullet", "lquote", "rquote", "ldblquote", "rdblquote"),
            "—–•‘’“”",
            strict=True,
        )
    ),
}
_ESCAPED = {"~": "\xa0", "_": "-", "\n": "\n", "\r": "\n", "\\": "\\", "{": "{", "}": "}"}
# Groups whose text is not part of the document.
_ASIDE = {
    *(
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "object",
        "header",
        "headerl",
        "headerr",
        "headerf",
    ),
    *("footer", "footerl", "footerr", "footerf", "footnote", "annotation", "listtable", "revtbl", "filetbl"),
}
# What the compressed form may refer to before anything is written ([MS-OXRTFCP] 2.1.2.1).
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)  # fmt: skip
_SQUEEZED, _STORED = 0x75465A4C, 0x414C454D
_WINDOW = 4096


@dataclass(frozen=True)
class Rich:
    """The content of a document: ``markup`` when it was originally HTML, else ``text``."""

    text: str = ""
    markup: str = ""


def read_rtf(source: str) -> Rich:
    """Return the content of ``source``, bytes as Latin 1; never raises. Only the first 500,000 characters are read."""
    reader = _Reader(source[:MOST_SOURCE])
    text = reader.text()
    return Rich(markup=text.strip()) if reader.is_html else Rich(text=text.strip("\n"))


def unsqueezed(data: bytes) -> str:
    """Return the source in a PidTagRtfCompressed ([MS-OXRTFCP]); for a broken one, what could be read."""
    if len(data) < 16:
        return ""
    kind = struct.unpack_from("<I", data, 8)[0]
    if kind == _STORED:
        return data[16 : 16 + MOST_SOURCE].decode("latin-1")
    return _unsqueezed(data).decode("latin-1") if kind == _SQUEEZED else ""


def _unsqueezed(data: bytes) -> bytes:
    """Decompress runs of eight items, each a byte or a reference into the last 4 kB of output."""
    written = bytearray(_KNOWN)
    position = 16
    most = MOST_SOURCE + len(_KNOWN)
    while position < len(data) and len(written) < most:
        kinds = data[position]
        position += 1
        for bit in range(8):
            if not kinds >> bit & 1:
                written += data[position : position + 1]
                position += 1
                continue
            if position + 2 > len(data):
                return bytes(written[len(_KNOWN) :])
            reference = data[position] << 8 | data[position + 1]
            position += 2
            # Convert the position in the circular window to a distance from here.
            distance = (len(written) - (reference >> 4)) % _WINDOW
            if not distance or distance > len(written):
                return bytes(written[len(_KNOWN) :])
            start = len(written) - distance
            # A reference may overlap the output it is about to write.
            repeated = bytes(written[start : start + 18])
            length = (reference & 0xF) + 2
            written += (repeated * (length // len(repeated) + 1))[:length]
    return bytes(written[len(_KNOWN) :])


@dataclass(frozen=True)
class _Group:
    """The state until the closing brace. ``skipped``: how many letters stand in for one given by number."""

    is_aside: bool = False
    is_tag: bool = False
    skipped: int = 1


@dataclass
class _Reader:
    source: str
    is_html: bool = False
    is_for_rtf: bool = False
    code_page: str = ""
    group: _Group = field(default_factory=_Group)
    outer: list[_Group] = field(default_factory=list)
    #: Bytes are in the code page; a letter may take two of them.
    pieces: list[str | bytearray] = field(default_factory=list)
    to_skip: int = 0
    is_starred: bool = False

    def text(self) -> str:
        position = 0
        while found := _TOKEN.match(self.source, position):
            position = found.end()
            word, number, byte, sign, brace, letters = found.groups()
            if brace:
                self._brace(brace)
            elif word == "bin":
                position += max(int(number or 0), 0)
            elif word:
                self._word(word, int(number) if number else None)
            elif byte:
                self._byte(int(byte, 16))
            elif sign == "*":
                self.is_starred = True
            elif letters and not letters.isascii():
                # Unescaped bytes in the code page.
                for letter in letters:
                    self._byte(ord(letter))
            elif sign or letters:
                self._letters(letters or _ESCAPED.get(sign, ""))
        # The code page is best guessed from all of its letters together.
        coded = b"".join(piece for piece in self.pieces if not isinstance(piece, str))
        codec = decode(coded, self.code_page).codec
        text = "".join(
            each if isinstance(each, str) else each.decode(codec, "replace") for each in self.pieces
        )
        # Letters beyond the first plane are written as two surrogates.
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _brace(self, brace: str) -> None:
        self.to_skip, self.is_starred = 0, False
        if brace == "{" and len(self.outer) < MOST_DEPTH:
            self.outer.append(self.group)
        elif brace == "}" and self.outer:
            self.group = self.outer.pop()

    def _word(self, word: str, number: int | None) -> None:
        if self.is_starred:
            self.is_starred = False
            self.group = replace(self.group, is_tag=word == "htmltag", is_aside=word != "htmltag")
        elif word in _ASIDE:
            self.group = replace(self.group, is_aside=True)
        elif word == "fromhtml":
            self.is_html = True
        elif word == "htmlrtf":
            self.is_for_rtf = number != 0
        elif word == "ansicpg":
            self.code_page = f"cp{number}"
        elif word == "uc":
            self.group = replace(self.group, skipped=min(max(number or 0, 0), 10))
        elif word == "u" and number is not None:
            self.to_skip = 0
            self._write(chr(number % 0x10000))
            self.to_skip = self.group.skipped
        elif word in _SIGNS:
            self._letters(_SIGNS[word])

    def _byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif self._is_shown():
            last = self.pieces[-1] if self.pieces else ""
            if isinstance(last, str):
                self.pieces.append(last := bytearray())
            last.append(value)

    def _letters(self, letters: str) -> None:
        skipped = min(self.to_skip, len(letters))
        self.to_skip -= skipped
        self._write(letters[skipped:])

    def _write(self, letters: str) -> None:
        if letters and self._is_shown():
            self.pieces.append(letters)

    def _is_shown(self) -> bool:
        return not self.group.is_aside and (self.group.is_tag or not (self.is_html and self.is_for_rtf))
