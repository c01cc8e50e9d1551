"""Warnings in words, in the active language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tickets.warnings.models import EarlyWarning
from tickets.warnings.surge import HOUR


def in_one_sentence(warning: EarlyWarning) -> str:
    """Return how many people spoke up, within how long, and how many are usual."""
    return ngettext(
        "%(people)s person within %(window)s; usual at this hour are %(usual)s.",
        "%(people)s people within %(window)s; usual at this hour are %(usual)s.",
        warning.people,
    ) % {
        "people": warning.people,
        "window": spoken_window(warning.window),
        "usual": spoken_number(warning.expected),
    }


def spoken_window(seconds: float) -> str:
    """Return one of WINDOWS in words."""
    if seconds < HOUR:
        return ngettext("%(count)s minute", "%(count)s minutes", round(seconds / 60)) % {
            "count": round(seconds / 60)
        }
    hours = round(seconds / HOUR)
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}


def spoken_number(expected: float) -> str:
    """Return an expected number of people, rounded for reading."""
    if expected < 0.1:
        return _("fewer than 0.1")
    return f"{expected:.1f}" if expected < 10 else f"{expected:.0f}"
