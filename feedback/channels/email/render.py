"""Sanitise the HTML of a mail for agents; it is still shown only in a sandboxed frame."""

from __future__ import annotations

import re

import nh3

_TAGS = {
    *("a", "abbr", "b", "bdi", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "del", "div"),
    *("dl", "dt", "em", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins"),
    *("kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strike", "strong", "sub", "sup"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
# No style, class or id: what is left cannot cover, hide or imitate our own page.
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"alt", "title", "width", "height", "src"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
    "ol": {"start", "type"},
    "*": {"dir", "lang"},
}
_DROPPED_WITH_CONTENT = {
    *("script", "style", "title", "template", "noscript"),
    *("iframe", "object", "svg", "math"),
}
_INLINE_PICTURE = re.compile(
    r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]{1,2000000}", re.IGNORECASE
)
MOST_CHARACTERS = 2_000_000


def displayed_html(source: str) -> str:
    """Return ``source`` without anything that runs, fetches, hides or imitates.

    External pictures are removed: fetching one tells its owner that the mail was read.
    """
    return nh3.clean(
        source[:MOST_CHARACTERS],
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_kept_attribute,
        url_schemes={"http", "https", "mailto", "tel", "data"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _kept_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if _INLINE_PICTURE.fullmatch(value) else None
    if attribute == "href" and value.strip().lower().startswith("data:"):
        return None
    return value
