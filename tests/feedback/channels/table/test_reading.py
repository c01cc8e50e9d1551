from __future__ import annotations

import codecs
import io
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from feedback.channels.table.reading import (
    Flaw,
    Limits,
    Line,
    NotATable,
    columns_of,
    find_separator,
    read_table,
)

SHEET = "xl/worksheets/sheet1.xml"
#: Ten entities, each ten times the one before: a kilobyte that says three hundred megabytes.
BILLION_LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY e0 "ha">'
    + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]>"
)


def save_with(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Save a workbook of one row at ``path``, its sheet changed by ``change``."""
    book, written = Workbook(), io.BytesIO()
    for row in (["text", "id"], ["hello", "1"]):
        book.active.append(row)
    book.save(written)
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            content = given.read(name)
            made.writestr(name, change(content) if name == SHEET else content)


@pytest.fixture
def table(tmp_path: Path):
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def values(path: Path, **options) -> list[dict[str, str]]:
    return [dict(row.values) for row in read_table(path, **options) if isinstance(row, Line)]


def flaws(path: Path, **options) -> list[tuple[int, str]]:
    return [(row.number, row.code) for row in read_table(path, **options) if isinstance(row, Flaw)]


class TestReadTable:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-32"])
    def test_finds_the_encoding(self, table, encoding: str) -> None:
        path = table("a.csv", "text,rating\n视频上传一直卡住，很烦,1\n".encode(encoding))
        assert values(path) == [{"text": "视频上传一直卡住，很烦", "rating": "1"}]

    def test_takes_the_encoding_it_is_told(self, table) -> None:
        path = table("a.csv", "text\nça va très mal\n".encode("cp1252"))
        with pytest.raises(NotATable, match="--encoding"):
            list(read_table(path))
        assert values(path, encoding="cp1252") == [{"text": "ça va très mal"}]

    def test_keeps_a_row_with_a_broken_byte(self, table) -> None:
        path = table("a.csv", b"text\nok \xff here\n")
        assert values(path, encoding="utf-8") == [{"text": "ok \ufffd here"}]

    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_finds_the_separator(self, table, separator: str) -> None:
        path = table("a.csv", f'text{separator}rating\n"a, b; c"{separator}5\nplain{separator}4\n')
        assert values(path) == [{"text": "a, b; c", "rating": "5"}, {"text": "plain", "rating": "4"}]

    def test_reads_one_column(self, table) -> None:
        assert values(table("a.csv", "text\nhello; world\n")) == [{"text": "hello; world"}]

    def test_keeps_line_breaks_and_quotes_inside_cells(self, table) -> None:
        path = table("a.csv", 'text,n\n"two\nlines, ""quoted""",1\nnext,2\n')
        rows = [row for row in read_table(path) if isinstance(row, Line)]
        assert [row.values["text"] for row in rows] == ['two\nlines, "quoted"', "next"]
        assert [row.number for row in rows] == [2, 4]

    def test_fills_short_rows_and_passes_over_empty_ones(self, table) -> None:
        assert values(table("a.csv", "a,b\n1\n\n,\n2,3\n")) == [{"a": "1", "b": ""}, {"a": "2", "b": "3"}]

    def test_reports_a_row_with_too_many_cells_and_goes_on(self, table) -> None:
        path = table("a.csv", "a,b\n1,2,3\n4,5,\n6,7\n")
        assert flaws(path) == [(2, "too_many_cells")]
        assert len(values(path)) == 2

    def test_survives_a_quote_that_is_never_closed(self, table) -> None:
        path = table("a.csv", "text,n\nfine,1\n" + '"open ' + "x" * 500 + "\n" * 50 + "y" * 500)
        assert flaws(path, limits=Limits(cell_characters=300))
        assert values(path, limits=Limits(cell_characters=300))[0] == {"text": "fine", "n": "1"}

    def test_reads_json_lines(self, table) -> None:
        lines = [{"text": "好", "y": 1, "x": None, "f": 4.0, "t": True, "l": [1]}, {"text": "b"}]
        path = table("a.jsonl", "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
        assert values(path) == [
            {"text": "好", "y": "1", "x": "", "f": "4", "t": "true", "l": "[1]"},
            {"text": "b"},
        ]

    def test_reports_bad_json_lines_and_goes_on(self, table) -> None:
        path = table("a.jsonl", '{"text": "a"}\n{oops\n[1]\n' + "[" * 100_000 + '\n{"text": "z"}\n')
        assert flaws(path) == [(2, "not_json"), (3, "not_an_object"), (4, "not_json")]
        assert [row["text"] for row in values(path)] == ["a", "z"]

    def test_reports_a_line_of_nothing_but_separators(self, table) -> None:
        """Each cell is short; a hundred million of them were a list of gigabytes."""
        path = table("a.csv", "text,n\nfine,1\n" + "," * 500 + "\nfine,2\nbad,3,4\n")
        limits = Limits(line_characters=300)
        assert flaws(path, limits=limits) == [(3, "not_csv"), (5, "too_many_cells")]
        assert [row["n"] for row in values(path, limits=limits)] == ["1", "2"]

    def test_refuses_a_header_that_is_too_long(self, table) -> None:
        with pytest.raises(NotATable, match="no header"):
            list(read_table(table("a.csv", "," * 500 + "\n1\n"), limits=Limits(line_characters=300)))

    def test_reports_a_json_line_that_is_too_long(self, table) -> None:
        path = table("a.jsonl", '{"text": "' + "x" * 1000 + '"}\n{"text": "z"}\n')
        assert flaws(path, limits=Limits(cell_characters=100)) == [(1, "too_long")]
        assert values(path, limits=Limits(cell_characters=100)) == [{"text": "z"}]

    def test_reads_the_first_sheet_of_a_workbook(self, tmp_path: Path) -> None:
        book = Workbook()
        sheet = book.active
        for row in (
            ["text", "rating", "at"],
            ["卡住了", 1, datetime.fromisoformat("2024-11-15T13:09")],
            [],
            ["ok", 4.0, None],
        ):
            sheet.append(row)
        book.save(tmp_path / "a.xlsx")
        assert values(tmp_path / "a.xlsx") == [
            {"text": "卡住了", "rating": "1", "at": "2024-11-15T13:09:00"},
            {"text": "ok", "rating": "4", "at": ""},
        ]

    @pytest.mark.parametrize(
        ("name", "content", "words"),
        [
            ("a.csv", b"", "empty"),
            ("a.xlsx", b"PK\x03\x04 no", "no XLSX"),
            ("a.csv", b"\x89PNG\x00\x00\x00", "zero bytes"),
            ("a.csv", b"a,a\n1,2\n", "two columns"),
            ("a.doc", b"a", "name must end"),
            ("a.csv", ",".join(f"c{n}" for n in range(300)).encode(), "at most 200"),
        ],
    )
    def test_refuses_what_is_no_table(self, table, name: str, content: bytes, words: str) -> None:
        with pytest.raises(NotATable, match=words):
            list(read_table(table(name, content)))

    def test_refuses_what_is_too_much(self, table, tmp_path: Path) -> None:
        path = table("a.csv", "text\n" + "x\n" * 50)
        with pytest.raises(NotATable, match="rows"):
            list(read_table(path, limits=Limits(rows=49)))
        with pytest.raises(NotATable, match="larger"):
            list(read_table(path, limits=Limits(bytes=10)))
        Workbook().save(tmp_path / "b.xlsx")
        with pytest.raises(NotATable, match="unpacks"):
            list(read_table(tmp_path / "b.xlsx", limits=Limits(unpacked_bytes=100)))

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            (
                {b'"2"': b'"2000000000"', b'"A2"': b'"A2000000000"', b'"B2"': b'"B2000000000"'},
                "more than 50 rows",
            ),
            ({b"</sheetData>": b"</sheetData><oops"}, r"damaged at row 3 \(ParseError\)"),
            ({b'"B2"': b'"ZZZZ2"'}, r"damaged at row 2 \(ValueError\)"),
            (
                {b"<worksheet": BILLION_LAUGHS + b"<worksheet", b"</sheetData>": b"&e9;</sheetData>"},
                r"no XLSX file \(ParseError\)",
            ),
        ],
        ids=["a row far below", "cut off", "a column there is not", "billion laughs"],
    )
    def test_refuses_a_sheet_that_is_a_trap(
        self, tmp_path: Path, changes: dict[bytes, bytes], words: str
    ) -> None:
        def change(sheet: bytes) -> bytes:
            # Without a dimension nothing but the rows says how many there are.
            sheet = sheet.replace(b'<dimension ref="A1:B2" />', b"")
            for written, instead in changes.items():
                assert written in sheet
                sheet = sheet.replace(written, instead)
            return sheet

        path = tmp_path / "trap.xlsx"
        save_with(path, change)
        with pytest.raises(NotATable, match=words):
            list(read_table(path, limits=Limits(rows=50)))

    def test_refuses_a_sheet_that_unpacks_to_more_than_it_says(self, tmp_path: Path) -> None:
        path = tmp_path / "trap.xlsx"
        save_with(path, lambda sheet: sheet.replace(b"</sheetData>", b" " * 10_000_000 + b"</sheetData>"))
        with zipfile.ZipFile(path) as book:
            size = book.getinfo(SHEET).file_size
        path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (800).to_bytes(4, "little")))
        with pytest.raises(NotATable, match=r"BadZipFile|ParseError"):
            list(read_table(path, limits=Limits(unpacked_bytes=100_000)))

    def test_does_not_take_zero_bytes_behind_a_mark_for_text_of_another_kind(self, table) -> None:
        path = table("a.csv", codecs.BOM_UTF16_LE + "text\n好\n".encode("utf-16-le"))
        assert values(path) == [{"text": "好"}]


class TestColumnsOf:
    def test_names_the_header_or_all_keys(self, table) -> None:
        assert columns_of(table("a.csv", "text,,n\n1,2,3\n")) == ("text", "column_2", "n")
        assert columns_of(table("a.jsonl", '{"a": 1}\n{"b": 2}\n')) == ("a", "b")


class TestFindSeparator:
    def test_prefers_the_one_that_cuts_all_rows_alike(self) -> None:
        assert find_separator("a;b\nx, y, z;1\nu, v;2\n") == ";"
