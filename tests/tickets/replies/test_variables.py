from __future__ import annotations

from tickets.replies.variables import fill, unknown_variables


class TestFill:
    def test_replaces_what_it_knows_and_nothing_else(self) -> None:
        text = "{customer}，您好。{number} / {nobody} / {{ number }} / {% now %}"
        filled = fill(text, {"customer": "小林", "number": "E-10042"})
        assert filled == "小林，您好。E-10042 / {nobody} / {{ number }} / {% now %}"

    def test_never_reads_a_value_as_a_wording(self) -> None:
        assert fill("{customer}", {"customer": "{agent}", "agent": "Ana"}) == "{agent}"


class TestUnknownVariables:
    def test_names_each_once_in_order(self) -> None:
        assert unknown_variables("{zeta} {customer} {alpha} {zeta}") == ["zeta", "alpha"]
