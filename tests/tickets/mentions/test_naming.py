from __future__ import annotations

import pytest

from tickets.mentions.naming import MOST_SIGNS, named_in

LOGINS = ("ana", "ana.b", "bo", "Wang", "王芳")


def names(text: str) -> list[str]:
    return [login for _start, _end, login in named_in(text, LOGINS)]


class TestNamedIn:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("@ana look, @bo too", ["ana", "bo"]),
            ("@ANA and @wang", ["ana", "Wang"]),
            ("请@ana看一下，@王芳也看", ["ana", "王芳"]),
            ("@ana.b is not the other one", ["ana.b"]),
            ("ask @ana.", ["ana"]),
            ("(@ana)", ["ana"]),
            ("kim@ana.example wrote, and @@ana", []),
            ("@anabel @ana-maria @ana@example.org", []),
            ("@ ana, @", []),
        ],
    )
    def test_hears_logins_and_no_mail_addresses(self, text: str, expected: list[str]) -> None:
        assert names(text) == expected

    def test_says_where(self) -> None:
        text = "hi @bo!"
        assert [text[start:end] for start, end, _login in named_in(text, LOGINS)] == ["@bo"]

    def test_stops_at_a_pasted_list(self) -> None:
        assert len(names("@ana " * (MOST_SIGNS + 50))) == MOST_SIGNS

    def test_calls_nobody_where_nobody_works(self) -> None:
        assert named_in("@ana", ()) == []
