"""Explain why the analysis found a message urgent, in words an agent can judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.analysis.models import CrisisCategory

SIGNALS = {
    "minor": gettext_lazy("A minor is concerned"),
    "repeat": gettext_lazy("Reported before"),
    "going_public": gettext_lazy("Threatens to go to the public, a regulator or a court"),
    "self_harm": gettext_lazy("Speaks of self-harm"),
    "health": gettext_lazy("Speaks of health"),
    "many_people": gettext_lazy("Many people are affected"),
}

CALM = {
    "settled": gettext_lazy("But it sounds settled"),
    "fiction": gettext_lazy("But it sounds like a story, a game or a lesson"),
    "hearsay": gettext_lazy("But it sounds like something heard elsewhere"),
    "praise": gettext_lazy("But it sounds like praise"),
    "asking": gettext_lazy("But it sounds like a general question"),
    "idiom": gettext_lazy("But it sounds like a figure of speech"),
}


@dataclass(frozen=True)
class Because:
    """One reason: ``label`` says what kind, ``quote`` is from the message or a known case.

    ``weighs`` is "for", "against" (it looked harmless) or "decided".
    """

    label: str
    quote: str = ""
    weighs: str = "for"


def because(reasons: Iterable[Mapping[str, Any]]) -> tuple[Because, ...]:
    """Return an assessment's ``reasons`` in the language of the page; unknown codes are shown unchanged."""
    return tuple(_because(reason) for reason in reasons)


def _because(reason: Mapping[str, Any]) -> Because:
    code, text = reason.get("code"), str(reason.get("text", ""))
    category = category_name(str(reason.get("category", "")))
    match code:
        case "sentence":
            return Because(_("This sentence decided"), text, "decided")
        case "words":
            return Because(_("Danger words: %(category)s") % {"category": category}, text)
        case "signal":
            return _signal(reason, text)
        case "calm":
            return Because(str(CALM.get(str(reason.get("name")), reason.get("name"))), weighs="against")
        case "near":
            label = _("Like a known case: %(category)s") % {"category": category}
            return Because(label, str(reason.get("example", "")))
        case "near_harmless":
            return Because(_("Also like a harmless case"), str(reason.get("example", "")), "against")
        case "taught_urgent":
            return Because(_("People found messages like this one urgent"))
        case "taught_harmless":
            return Because(_("People called messages like this one a false alarm"), weighs="against")
        case _:
            return Because(str(code), text)


def _signal(reason: Mapping[str, Any], text: str) -> Because:
    name = str(reason.get("name", ""))
    label, count = str(SIGNALS.get(name, name)), reason.get("count")
    if count and name == "many_people":
        label = _("%(count)s people reported this within an hour") % {"count": count}
    elif count:
        label = _("%(label)s (%(count)s times)") % {"label": label, "count": count}
    return Because(label, text)


def category_name(code: str) -> str:
    """Return the display name of the crisis category ``code``, or the code itself if it is unknown."""
    return str(CrisisCategory(code).label) if code in CrisisCategory.values else code
