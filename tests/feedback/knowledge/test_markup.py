from __future__ import annotations

import pytest

from feedback.knowledge.markup import as_html


class TestAsHtml:
    @pytest.mark.parametrize(
        ("markdown", "html"),
        [
            ("one\ntwo\n\nthree", "<p>one<br>\ntwo</p>\n<p>three</p>"),
            ("# Head\ntext", "<h2>Head</h2>\n<p>text</p>"),
            (
                "First:\n1. open\n2. close",
                "<p>First:</p>\n<ol>\n<li>open</li>\n<li>close</li>\n</ol>",
            ),
            ("choose *Resume*, 2 * 3 * 4", "<p>choose <em>Resume</em>, 2 * 3 * 4</p>"),
            ("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>"),
            (
                "[here](https://example.org/a?b=1&c=2)",
                '<p><a href="https://example.org/a?b=1&amp;c=2" rel="noreferrer noopener">here</a></p>',
            ),
            ("[ours](/help/a)", '<p><a href="/help/a" rel="noreferrer noopener">ours</a></p>'),
            ("", ""),
        ],
    )
    def test_writes_markdown(self, markdown: str, html: str) -> None:
        assert as_html(markdown) == html

    @pytest.mark.parametrize(
        "hostile",
        [
            "<script>alert(1)</script>",
            '<img src=x onerror="alert(1)">',
            "[x](javascript:alert(1))",
            "[x](data:text/html,y)",
            "![x](https://e.org/pixel.png)",
            '[x](https://e.org/"onclick="alert(1))',
            "[<b>](https://e.org)",
            "**<i>**",
        ],
    )
    def test_lets_nothing_through(self, hostile: str) -> None:
        html = as_html(hostile)
        for wrong in ("<script", "<img", 'javascript:alert(1)"', 'href="data', "<b>", "<i>"):
            assert wrong not in html
        assert '"onclick' not in html
