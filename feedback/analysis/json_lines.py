"""Read messages as JSON lines and answer each with one, for the commands that others evaluate the engine with."""

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

# Bytes read at once; apart from a single longer line, this bounds the memory for any input.
_CHUNK = 1 << 16
# Legal inside a JSON string, but many programs treat them as line ends.
_LINE_ENDS = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


@dataclass(frozen=True)
class Line:
    """The text of one line ("" when there is none), and the problem with the line (None when there is none)."""

    text: str
    problem: str | None = None


def read_line(line: bytes) -> Line:
    """Read ``{"text": ...}`` or a bare JSON string. A blank line is a blank text; never raises, whatever the bytes."""
    if not line.strip():
        return Line("")
    try:
        entry = json.loads(line.decode("utf-8", "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError) as problem:
        return Line("", f"not JSON: {str(problem)[:100]}")
    if isinstance(entry, dict):
        if "text" not in entry:
            return Line("", "no text")
        entry = entry["text"]
    if not isinstance(entry, str):
        return Line("", "text is not a string")
    # A lone surrogate is legal JSON but could not be written out again as text.
    return Line(entry.encode("utf-8", "replace").decode())


def arriving(stream: BinaryIO, *, most: int) -> Iterator[list[bytes]]:
    """Yield the lines of ``stream`` as they arrive, at most ``most`` at once, the last even without its newline.

    Never waits for more than one line, so a program can write a line and wait for its answer.
    """
    begun: list[bytes] = []
    read = stream.read1 if isinstance(stream, io.BufferedReader) else stream.read
    while chunk := read(_CHUNK):
        first, *others = chunk.split(b"\n")
        begun.append(first)
        if not others:
            continue
        lines = [b"".join(begun), *others]
        begun = [lines.pop()]
        yield from (lines[start : start + most] for start in range(0, len(lines), most))
    if any(begun):
        yield [b"".join(begun)]


def as_line(answer: Mapping[str, object], problem: str | None) -> str:
    """Return ``answer`` as one line of JSON, with ``error`` when there is a ``problem``."""
    named = {**answer, "error": problem} if problem else answer
    return json.dumps(named, ensure_ascii=False).translate(_LINE_ENDS)


def print_groups(groups: Iterable[Iterable[str]], out: io.TextIOBase) -> None:
    """Print the lines, flushing after each group. Stop quietly when the reader closes the pipe (``head``)."""
    try:
        for group in groups:
            for line in group:
                out.write(line + "\n")
            out.flush()
    except BrokenPipeError:
        # The interpreter flushes stdout once more on exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
