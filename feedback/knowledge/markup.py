"""Convert the Markdown of articles to safe HTML. Pure."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

# HTML in the source is shown as text; line breaks are kept.
_MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "breaks": True})
_TAGS = {"p", "br", "h2", "h3", "ul", "ol", "li", "strong", "em", "code", "pre", "a", "blockquote", "hr"}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
# The page already has its only first-level heading: the article's title.
_LOWER = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}


def as_html(markdown: str) -> str:
    """Return ``markdown`` (CommonMark and tables) as HTML without images, scripts or styles.

    Only http, https, mailto and relative links are kept.
    """
    tokens = _MARKDOWN.parse(markdown)
    for token in tokens:
        token.tag = _LOWER.get(token.tag, token.tag)
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noreferrer noopener",
    ).strip()
