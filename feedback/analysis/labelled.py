"""Read labelled texts from a file in any of the usual shapes."""

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path


class Unreadable(ValueError):
    """The file or a column of it cannot be read; the message says what is there instead."""


def read_columns(file: Path, columns: Sequence[str]) -> list[list[str]]:
    """Return one list per column of ``columns``, all of one length, in file order.

    JSON lines (``.jsonl``, ``.json``), tab- or comma-separated tables with a header line, or without one when
    all ``columns`` are numbers (counted from 1). A table by another name is taken by its first line. Missing
    cells are "". Raises Unreadable.
    """
    try:
        text = file.read_text(encoding="utf-8-sig", errors="replace")
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


def _json_rows(file: Path, text: str) -> Iterator[dict[str, str]]:
    try:
        if text.lstrip().startswith("["):
            entries = json.loads(text)
        else:
            entries = [json.loads(line) for line in text.splitlines() if line.strip()]
    except ValueError as problem:
        raise Unreadable(f"{file}: not JSON: {problem}") from problem
    for entry in entries:
        if not isinstance(entry, dict):
            raise Unreadable(f"{file}: an entry is not an object")
        yield {key: "" if value is None else str(value) for key, value in entry.items()}


def _table_rows(file: Path, text: str, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    first = text.partition("\n")[0]
    separator = "\t" if "\t" in first else max(",;|", key=first.count)
    # A tab-separated file quotes nothing as a rule; a lone quotation mark would swallow the lines after it.
    quoting = csv.QUOTE_NONE if separator == "\t" and '"' not in first else csv.QUOTE_MINIMAL
    csv.field_size_limit(10_000_000)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=separator, quoting=quoting)  # type: ignore[arg-type]
    try:
        listed = [row for row in rows if row]
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
