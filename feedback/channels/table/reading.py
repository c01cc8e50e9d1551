"""Read CSV, JSON lines and XLSX into rows of text, whatever the encoding and the dialect. Pure.

A bad row is a ``Flaw`` and reading continues; only a file that is not a table at all is refused.
"""

from __future__ import annotations

import codecs
import csv
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from xml.etree import ElementTree as ET

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

SEPARATORS = ",;\t|"
_SAMPLE_BYTES = 1 << 20
_SAMPLE_RECORDS = 50
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: The characters of Chinese text; text decoded as GB 18030 by mistake is full of others.
_CHINESE = re.compile(
    r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef\u2018-\u201d\u2026\u2014\u00b7\U0001f300-\U0001faff]"
)
#: Errors from workbooks that were truncated, altered by hand, or made to unpack to more than they declare.
_DAMAGE = (
    ET.ParseError,
    InvalidFileException,
    LookupError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


class NotATable(Exception):
    """The file cannot be read as a table; the message says why and what to do, and is fit to show."""


@dataclass(frozen=True)
class Limits:
    """Limits: exceeding bytes, columns or unpacked bytes refuses the file; cell or CSV line, only its row."""

    bytes: int = 500 * 1024**2
    unpacked_bytes: int = 1024**3
    rows: int = 2_000_000
    columns: int = 200
    cell_characters: int = 200_000
    line_characters: int = 2_000_000


@dataclass(frozen=True)
class Line:
    """One row: ``number`` tells a person where it is (line of text, row of the sheet), ``values`` are by column."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Flaw:
    """Why one row cannot be accepted. ``code`` is stable, ``detail`` names column and value in English."""

    number: int
    code: str
    detail: str


def read_table(path: Path, *, encoding: str = "", limits: Limits | None = None) -> Iterator[Line | Flaw]:
    """Yield the rows of ``path`` in order; its extension decides the format: .csv .tsv .txt, .jsonl .ndjson, .xlsx.

    An empty ``encoding`` is detected: byte order mark, then UTF-8, then GB 18030. Empty rows are skipped.
    Reads lazily, so memory does not grow with the file. Raises NotATable, by the first row at the latest,
    unless the file has too many rows or a sheet is damaged, which is noticed only when reached.
    """
    limits = limits or Limits()
    if path.stat().st_size > limits.bytes:
        raise NotATable(f"{path.name} is larger than {limits.bytes // 1024**2} MB. Split it.")
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        rows = _read_xlsx(path, limits)
    elif suffix in (".jsonl", ".ndjson", ".json"):
        rows = _read_json_lines(path, encoding or find_encoding(path), limits)
    elif suffix in (".csv", ".tsv", ".txt"):
        rows = _read_csv(path, encoding or find_encoding(path), limits)
    else:
        raise NotATable(f"{path.name}: the name must end with .csv, .tsv, .jsonl, .ndjson or .xlsx.")
    for count, row in enumerate(rows, start=1):
        if count > limits.rows:
            raise NotATable(f"{path.name} has more than {limits.rows} rows. Split it.")
        yield row


def columns_of(path: Path, *, encoding: str = "") -> tuple[str, ...]:
    """Return the names of the columns: the header, or for JSON lines the keys of the first 50 objects."""
    names: dict[str, None] = {}
    for row in islice(read_table(path, encoding=encoding), _SAMPLE_RECORDS):
        if isinstance(row, Line):
            names |= dict.fromkeys(row.values)
    return tuple(names)


def find_encoding(path: Path) -> str:
    """Return the encoding of a text file. Raises NotATable when it cannot be determined."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        raise NotATable(f"{path.name} holds zero bytes: it is no text. Save it as CSV in UTF-8.")
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _decodes(path, "gb18030") and _looks_chinese(sample):
        return "gb18030"
    raise NotATable(f"{path.name} is neither UTF-8 nor GB 18030. Say what it is, e.g. --encoding cp1252.")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_SAMPLE_BYTES):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _looks_chinese(sample: bytes) -> bool:
    """Return whether the non-ASCII characters are Chinese and adjacent.

    Latin accents misread as GB 18030 become isolated Chinese characters between Latin letters.
    """
    text = sample.decode("gb18030", "ignore")
    runs = re.findall(r"[^\x00-\x7f]+", text)
    foreign = "".join(runs)
    together = sum(len(run) for run in runs if len(run) > 1)
    return together > 0.6 * len(foreign) and len(_CHINESE.findall(foreign)) > 0.8 * len(foreign)


def _open(path: Path, encoding: str) -> TextIO:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise NotATable(f"There is no encoding {encoding!r}.") from None
    # A byte that does not fit becomes U+FFFD: one bad character must not lose a file.
    return path.open(encoding=encoding, errors="replace", newline="")


def _read_csv(path: Path, encoding: str, limits: Limits) -> Iterator[Line | Flaw]:
    with _open(path, encoding) as file:
        separator = find_separator(file.read(_SAMPLE_BYTES))
    # Process-wide, and the smallest of the bounds here: a quote that is never closed must not swallow the file.
    csv.field_size_limit(limits.cell_characters)
    with _open(path, encoding) as file:
        lines = _BoundedLines(file, limits)
        reader = csv.reader(lines, delimiter=separator)
        try:
            header = next(reader, None)
        except csv.Error as error:
            raise NotATable(f"{path.name}: the first line is no header ({error}).") from error
        if header is None:
            raise NotATable(f"{path.name} is empty.")
        names = _names(path, header, limits)
        while True:
            number = lines.read + 1
            try:
                cells = next(reader, None)
            except csv.Error as error:
                yield Flaw(number, "not_csv", str(error))
                continue
            if cells is None:
                return
            if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
                yield Flaw(number, "too_many_cells", f"{len(cells)} cells, {len(names)} columns")
            elif any(cell.strip() for cell in cells):
                yield Line(number, dict(zip(names, chain(cells, [""] * len(names)), strict=False)))


class _BoundedLines:
    """The lines of ``file`` for a csv.reader; one that is too long raises csv.Error, then reading continues.

    The csv module bounds cells, but a line of nothing but separators may have a hundred million of them.
    """

    def __init__(self, file: TextIO, limits: Limits) -> None:
        self.lines = _lines(file, most=limits.line_characters)
        self.read = 0

    def __iter__(self) -> _BoundedLines:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.read += 1
        if line is None:
            raise csv.Error("the line is too long")
        return line


def find_separator(sample: str) -> str:
    """Return the separator in ``sample``, one of , ; tab |: the one that splits most rows alike, into most cells."""
    best, best_score = ",", (0.0, 0)
    for separator in SEPARATORS:
        widths = []
        try:
            for cells in islice(csv.reader(sample.splitlines(), delimiter=separator), _SAMPLE_RECORDS):
                widths.append(len(cells))
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        alike = sum(width == widths[0] for width in widths) / len(widths)
        if (alike, widths[0]) > best_score:
            best, best_score = separator, (alike, widths[0])
    return best


def _names(path: Path, header: list[str], limits: Limits) -> list[str]:
    if len(header) > limits.columns:
        raise NotATable(f"{path.name} has {len(header)} columns; at most {limits.columns} are taken.")
    names = [name.strip() or f"column_{number}" for number, name in enumerate(header, start=1)]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise NotATable(f"{path.name}: two columns are named {twice[0]!r}. Rename one.")
    return names


def _read_json_lines(path: Path, encoding: str, limits: Limits) -> Iterator[Line | Flaw]:
    with _open(path, encoding) as file:
        for number, text in enumerate(_lines(file, most=limits.cell_characters), start=1):
            if text is None:
                yield Flaw(number, "too_long", f"the line has more than {limits.cell_characters} characters")
                continue
            if not text.strip():
                continue
            try:
                found = json.loads(text)
            except (ValueError, RecursionError) as error:
                yield Flaw(number, "not_json", type(error).__name__ + ": " + str(error)[:100])
                continue
            if not isinstance(found, dict):
                yield Flaw(number, "not_an_object", f"a line must be an object, not {type(found).__name__}")
            elif len(found) > limits.columns:
                yield Flaw(number, "too_many_cells", f"{len(found)} keys, at most {limits.columns} are taken")
            else:
                yield Line(number, {str(name): _text(value) for name, value in found.items()})


def _lines(file: TextIO, *, most: int) -> Iterator[str | None]:
    """Yield each line, or None for one of ``most`` characters or more; never holds more than that in memory."""
    while line := file.readline(most):
        if len(line) == most and not line.endswith(("\n", "\r")):
            while (rest := file.readline(most)) and not rest.endswith(("\n", "\r")):
                pass
            yield None
        else:
            yield line


def _read_xlsx(path: Path, limits: Limits) -> Iterator[Line | Flaw]:
    """Read the first sheet; formulas yield the value saved with them."""
    # Opened here: openpyxl does not close a file it cannot read.
    with path.open("rb") as file:
        yield from _read_workbook(file, path, limits)


def _read_workbook(file: BinaryIO, path: Path, limits: Limits) -> Iterator[Line | Flaw]:
    try:
        with zipfile.ZipFile(file) as archive:
            # A few kB can unpack to gigabytes; the zip directory says how much before anything is unpacked.
            if sum(entry.file_size for entry in archive.infolist()) > limits.unpacked_bytes:
                raise NotATable(f"{path.name} unpacks to more than {limits.unpacked_bytes // 1024**2} MB.")
        book = load_workbook(file, read_only=True, data_only=True)
    except _DAMAGE as error:
        raise NotATable(f"{path.name} is no XLSX file ({type(error).__name__}). Save it again.") from error
    try:
        rows = _sheet_rows(book.worksheets[0], path, limits)
        header = next(rows, None)
        if header is None:
            raise NotATable(f"{path.name}: the first sheet is empty.")
        titles = [_text(value) for value in header]
        while titles and not titles[-1].strip():
            titles.pop()
        names = _names(path, titles, limits)
        for number, values in enumerate(rows, start=2):
            cells = [_text(value) for value in values]
            if not any(cell.strip() for cell in cells):
                continue
            if any(len(cell) > limits.cell_characters for cell in cells):
                yield Flaw(number, "too_long", f"a cell has more than {limits.cell_characters} characters")
            elif any(cell.strip() for cell in cells[len(names) :]):
                yield Flaw(number, "too_many_cells", f"cells beyond the {len(names)} columns of the header")
            else:
                yield Line(number, dict(zip(names, chain(cells, [""] * len(names)), strict=False)))
    finally:
        book.close()


def _sheet_rows(sheet: Any, path: Path, limits: Limits) -> Iterator[Sequence[Any]]:
    """Yield the rows of ``sheet``, including empty ones: a file of 5 kB may place its second row at a billion."""
    rows = sheet.iter_rows(values_only=True, max_col=limits.columns + 1)
    # Plus one for the header.
    for number in range(1, limits.rows + 3):
        try:
            row = next(rows, None)
        except _DAMAGE as error:
            raise NotATable(
                f"{path.name} is damaged at row {number} ({type(error).__name__}). Save it again."
            ) from error
        if row is None:
            return
        yield row
    raise NotATable(f"{path.name} has more than {limits.rows} rows. Split it.")


def _text(value: Any) -> str:
    """Return a cell as text: dates in ISO form, whole numbers without a decimal point, None as empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
