"""A line in, a line out, whatever the line holds, and as soon as it is there."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

from feedback.analysis.json_lines import Line, arriving, as_line, read_line


class TestReadLine:
    @pytest.mark.parametrize(
        ("line", "text"),
        [
            (b'{"text": "hello"}\r\n', "hello"),
            (b'\xef\xbb\xbf{"text": "hello"}', "hello"),
            (b'"hello"', "hello"),
            (b" \t\r\n", ""),
            (b'{"text": ""}', ""),
            (b'{"text": "a\\u0000b"}', "a\x00b"),
            (b'{"text": "a\\ud800b"}', "a?b"),
            (b'{"text": "\xff"}', "\ufffd"),
        ],
    )
    def test_finds_the_text(self, line, text):
        assert read_line(line) == Line(text)

    @pytest.mark.parametrize(
        ("line", "problem"),
        [
            (b"oops", "not JSON"),
            (b"[" * 200_000, "not JSON"),
            (b"1" * 10_000, "not JSON"),
            (b'{"body": "hello"}', "no text"),
            (b'{"text": null}', "text is not a string"),
            (b'{"text": 7}', "text is not a string"),
            (b"[]", "text is not a string"),
        ],
    )
    def test_says_what_is_wrong(self, line, problem):
        found = read_line(line)

        assert found.text == ""
        assert found.problem is not None
        assert found.problem.startswith(problem)


class TestArriving:
    def test_yields_every_line_once_whatever_their_length(self):
        lines = [b"a", b"", b"b" * 200_000, b"c", b"", b"d"]

        groups = list(arriving(io.BytesIO(b"\n".join(lines)), most=2))

        assert [line for group in groups for line in group] == lines
        assert max(map(len, groups)) <= 2

    def test_takes_a_last_line_end_for_no_line(self):
        assert list(arriving(io.BytesIO(b"a\n\n"), most=9)) == [[b"a", b""]]

    def test_does_not_wait_for_more_than_was_written(self):
        reading, writing = os.pipe()
        with os.fdopen(reading, "rb") as stream, os.fdopen(writing, "wb", buffering=0) as sender:
            groups = arriving(stream, most=256)
            sender.write(b"first\n")
            assert next(groups) == [b"first"]
            sender.write(b"second\nthi")
            assert next(groups) == [b"second"]


class TestAsLine:
    def test_is_one_line_for_every_reader(self):
        written = as_line({"text": "a\u2028b\u2029c\x85d\ne"}, "no text")

        assert len(written.splitlines()) == 1
        assert json.loads(written) == {"text": "a\u2028b\u2029c\x85d\ne", "error": "no text"}


class TestPrintGroups:
    def test_stops_quietly_when_nobody_reads_on(self):
        program = (
            "import sys\n"
            "from feedback.analysis.json_lines import print_groups\n"
            "print_groups((['x' * 100_000] for _ in range(100)), sys.stdout)\n"
        )
        with subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(10)
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 0
