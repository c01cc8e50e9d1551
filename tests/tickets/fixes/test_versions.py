import pytest

from tickets.fixes.versions import is_at_least


class TestIsAtLeast:
    @pytest.mark.parametrize(
        ("version", "least", "expected"),
        [
            ("12.10", "12.9", True),
            ("12.9", "12.10", False),
            ("12.4", "12.4.0", True),
            ("v12.4-beta", "12.4", True),
            ("8.3.9", "8.4", False),
            ("", "8.4", False),
            ("latest", "8.4", False),
            ("8.4", "next release", False),
        ],
    )
    def test_compares_by_numbers(self, version, least, expected):
        assert is_at_least(version, least) is expected
