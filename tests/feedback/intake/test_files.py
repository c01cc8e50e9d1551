from __future__ import annotations

import pytest

from feedback.intake.files import kind_of_content, safe_filename


class TestSafeFilename:
    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\kim\\shot.png", "shot.png"),
            ("报告 1.pdf", "报告 1.pdf"),
            ("a\r\nSubject: hi.txt", "a__Subject_ hi.txt"),
            ("invoice\u202efdp.exe", "invoice_fdp.exe"),
            ("invoice\u061c\u2066fdp.exe", "invoice__fdp.exe"),
            ("a\u2028b\x85c\ufeffd\u2060e.txt", "a_b_c_d_e.txt"),
            ("\ud800.txt", "_.txt"),
            ("..", "file"),
            ("", "file"),
        ],
    )
    def test_keeps_no_path_and_nothing_that_cannot_be_seen(self, given: str, kept: str) -> None:
        assert safe_filename(given) == kept


class TestKindOfContent:
    @pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"<!doctype html><script>", b"", b"GIF8"])
    def test_is_nothing_that_a_browser_runs(self, content: bytes) -> None:
        assert kind_of_content(content) == "application/octet-stream"
