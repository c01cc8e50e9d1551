"""How the desk's templates show times, people and channels."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from config.kit.durations import roughly
from config.kit.languages import own_name

register = template.Library()
register.filter("duration", roughly)
register.filter("language_in_full", own_name)

CHANNEL_ICONS = {
    "rest": "smartphone",
    "email": "mail",
    "chat": "chat",
    "forum": "forum",
    "community": "groups",
    "survey": "ballot",
    "reviews": "star_rate",
    "table": "table",
}
SHORT_LANGUAGES = {"zh-Hans": "简", "zh-Hant": "繁"}


@register.simple_tag
def moment(at: datetime | None) -> SafeString:
    """Show ``at`` as time passed; the page's script keeps it true. Without the script: UTC."""
    if at is None:
        return SafeString("")
    return format_html('<time datetime="{}" data-moment>{}</time>', at.isoformat(), _plain(at))


@register.simple_tag
def clock(due: datetime | None, now: datetime) -> SafeString:
    """Show a deadline as time left or time overdue; the page's script keeps it true."""
    if due is None:
        return SafeString("")
    late = " is-late" if due < now else ""
    return format_html(
        '<time class="clock{}" datetime="{}" data-due>{}</time>',
        late,
        due.isoformat(),
        _plain(due),
    )


@register.simple_tag
def exactly(at: datetime) -> SafeString:
    """Show a time as day and hour; the page's script puts it on the reader's own clock. Without the script: UTC."""
    return format_html('<time datetime="{}" data-exact>{}</time>', at.isoformat(), _plain(at))


@register.filter
def channel_icon(kind: str) -> str:
    """Return the symbol for a kind of channel."""
    return CHANNEL_ICONS.get(kind, "inbox")


@register.filter
def language_name(tag: str) -> str:
    """Return a language tag as short as it can be read: 简, 繁, EN."""
    return SHORT_LANGUAGES.get(tag, "" if tag == "und" else tag.partition("-")[0].upper())


@register.filter
def initials(name: str) -> str:
    """Return what stands in the circle for a person: the first letters, or the last two Chinese characters."""
    if not name.isascii():
        return name.strip()[-2:]
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def percent(share: float) -> str:
    """Return a share 0..1 as per cent."""
    return f"{share:.0%}"


def _plain(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
