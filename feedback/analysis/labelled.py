"""Read labelled texts from a file in any of the usual shapes."""

import codecs
import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path


class Unreadable(ValueError):
    """The file, or one of its columns, cannot be read; the message says what was found instead."""


def read_columns(file: Path, columns: Sequence[str]) -> list[list[str]]:
    """Return one list per column in ``columns``, all of the same length, in file order.

    JSON lines (``.jsonl``, ``.json``), tab- or comma-separated tables with a header line, or without one when
    all ``columns`` are numbers (counted from 1). With any other extension the first line decides. Missing
    cells are "". Raises Unreadable.
    """
    try:
        text = _decoded(file.read_bytes())
    except OSError as problem:
        raise Unreadable(f"{file}: {problem.strerror}") from problem
    if file.suffix.lower() in (".jsonl", ".json", ".ndjson") or text.lstrip().startswith(("{", "[{")):
        rows = list(_json_rows(file, text))
    else:
        rows = list(_table_rows(file, text, columns))
    if not rows:
        raise Unreadable(f"{file}: no rows")
    for column in columns:
        if not any(column in row for row in rows):
            known = ", ".join(sorted({name for row in rows[:100] for name in row}))
            raise Unreadable(f"{file}: no column {column!r}; it has {known}")
    return [[row.get(column, "") for row in rows] for column in columns]


def _decoded(raw: bytes) -> str:
    """Decode a table: UTF-16 if it has a BOM, else UTF-8 with or without one, else GB 18030 (Chinese spreadsheets)."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8-sig", errors="replace")


def _json_rows(file: Path, text: str) -> Iterator[dict[str, str]]:
    try:
        if text.lstrip().startswith("["):
            entries = json.loads(text)
        else:
            entries = [json.loads(line) for line in text.split("\n") if line.strip()]
    except ValueError as problem:
        raise Unreadable(f"{file}: not JSON: {problem}") from problem
    for entry in entries:
        if not isinstance(entry, dict):
            raise Unreadable(f"{file}: an entry is not an object")
        yield {key: "" if value is None else str(value) for key, value in entry.items()}


def _table_rows(file: Path, text: str, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    first = text.partition("\n")[0]
    separator = "\t" if "\t" in first else max(",;|", key=first.count)
    csv.field_size_limit(10_000_000)
    try:
        listed = _cells(text, separator, csv.QUOTE_MINIMAL)
        # Tab-separated files rarely quote; a lone quotation mark would swallow the lines after it.
        if separator == "\t" and len({len(row) for row in listed}) > 1:
            listed = _cells(text, separator, csv.QUOTE_NONE)
    except csv.Error as problem:
        raise Unreadable(f"{file}: {problem}") from problem
    if not listed:
        return
    header = [name.strip() for name in listed[0]]
    if all(column.isdecimal() and column not in header for column in columns):
        header = [str(number) for number in range(1, max(map(len, listed)) + 1)]
    else:
        listed = listed[1:]
    for row in listed:
        yield dict(zip(header, row, strict=False))


def _cells(text: str, separator: str, quoting: int) -> list[list[str]]:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting)  # type: ignore[arg-type]
    return [row for row in rows if row]
