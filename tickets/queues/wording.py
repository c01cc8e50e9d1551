"""Hours, escalation steps and their errors in words, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.kit.durations import spoken
from tickets.queues.clock import BadHours
from tickets.queues.escalation import (
    ADMINISTRATORS,
    BACKUP,
    CRISIS_TEAM,
    ON_CALL,
    TEAM,
    BadSteps,
    parse_steps,
)
from users.accounts.models import Team

PEOPLE = {
    ON_CALL: gettext_lazy("Whoever is on call"),
    BACKUP: gettext_lazy("The backup on call"),
    CRISIS_TEAM: gettext_lazy("The whole crisis team"),
    ADMINISTRATORS: gettext_lazy("All administrators"),
}


def name_of(notify: str, teams: Mapping[str, str]) -> str:
    """Return the name of the recipient of a step; ``teams`` maps slugs to names."""
    if notify in PEOPLE:
        return str(PEOPLE[notify])
    slug = notify.removeprefix(TEAM)
    return _("Team %(name)s") % {"name": teams.get(slug, slug)}


def team_names() -> dict[str, str]:
    """Return the name of every team by its slug. One query."""
    return dict(Team.objects.order_by("name").values_list("slug", "name"))


def spoken_steps(steps: Any, teams: Mapping[str, str]) -> str:
    """Return the steps of a policy in one line; empty for steps that cannot be read."""
    try:
        parsed = parse_steps(steps)
    except BadSteps:
        return ""
    at_once = _("at once")
    told = [(name_of(step.notify, teams), spoken(step.after) if step.after else at_once) for step in parsed]
    return " → ".join(f"{name} ({after})" for name, after in told)


def spoken_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """Return the hours of a week in one line, joining consecutive days that have the same hours."""
    days = [
        (weekday, " ".join("–".join(slot) for slot in hours.get(str(weekday), ()))) for weekday in WEEKDAYS
    ]
    told = []
    for slots, row in groupby(days, key=lambda day: day[1]):
        same = [str(WEEKDAYS_ABBR[weekday]) for weekday, _slots in row]
        if slots:
            told.append(f"{same[0] if len(same) == 1 else f'{same[0]}–{same[-1]}'} {slots}")
    return ", ".join(told)


def sentence_of_hours(error: BadHours) -> str:
    """Return the error in the hours of a calendar as a sentence to show."""
    sentences = {
        "never_open": _("Give at least one day its hours: a clock that never runs is never due."),
        "no_time": _("%(day)s: say from when until when, such as 09:00 and 18:00."),
        "overlap": _("%(day)s: two slots overlap."),
    }
    return sentences[error.code] % ({} if error.weekday is None else {"day": WEEKDAYS[error.weekday]})


def sentence_of_steps(error: BadSteps) -> str:
    """Return the error in the steps of a policy as a sentence to show."""
    week = spoken(timedelta(weeks=1))
    sentences = {
        "none": _("Add at least one step: somebody must be told."),
        "not_at_once": _("The first step is taken at once: 0 minutes after the alarm."),
        "not_later": _("Step %(number)s: it must be later than the step before it."),
        "no_minutes": _("Step %(number)s: say how many minutes after the alarm, at most %(week)s."),
        "nobody": _("Step %(number)s: choose whom to tell."),
    }
    told = sentences.get(error.code) or _("Step %(number)s cannot be read.")
    return told % {"number": error.number, "week": week}
