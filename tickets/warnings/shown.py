"""What the pages of warnings show, as text and coordinates that the templates only draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.intake.models import Message
from tickets.summaries.drawing import Bar, Line, Tick, bars, line, ticks
from tickets.warnings.models import EarlyWarning
from tickets.warnings.surge import HOUR, WINDOWS
from tickets.warnings.wording import in_one_sentence, spoken_number, spoken_window
from users.accounts.models import User

PLOT_WIDTH, PLOT_HEIGHT = 640.0, 180.0
# What people behind a warning share is shown only if most of them (a share) and several of them (a count) do.
_MOST_OF_THEM, _SEVERAL = 0.6, 4


@dataclass(frozen=True)
class Card:
    """A warning as lists show it; ``remarks`` say what to know before believing it."""

    warning: EarlyWarning
    name: str
    sentence: str
    is_calming: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Window:
    """The numbers of a warning in one window."""

    name: str
    people: int
    usual: str


@dataclass(frozen=True)
class Plot:
    """People per hour as labelled bars, the usual number as a line, and the position of the warning."""

    bars: list[tuple[Bar, str]]
    usual: Line
    ticks: list[Tick]
    labels: list[tuple[float, str]]
    warned_x: float | None


@dataclass(frozen=True)
class Concentration:
    """What most people behind a warning have in common; ``share`` is of those for whom it is known."""

    name: str
    value: str
    share: float


def card_of(warning: EarlyWarning) -> Card:
    return Card(
        warning,
        name=str(warning),
        sentence=in_one_sentence(warning),
        is_calming=warning.is_live and warning.calm_since is not None,
        remarks=tuple(_remarks(warning)),
    )


def live_warnings(user: User) -> list[Card]:
    """Return the live warnings that ``user`` may see, most severe first. One query."""
    visible = EarlyWarning.objects.visible_to(user).named()
    return [card_of(one) for one in visible.live().order_by("severity", "-opened_at", "-pk")]


def _remarks(warning: EarlyWarning) -> Iterator[str]:
    if warning.urgent:
        yield ngettext(
            "%(count)s message was read as urgent", "%(count)s messages were read as urgent", warning.urgent
        ) % {"count": warning.urgent}
    if warning.repeated > 1 and warning.repeated >= len(warning.message_ids) / 3:
        yield _("%(count)s messages are the same word for word: perhaps an appeal, perhaps spam") % {
            "count": warning.repeated
        }


def windows_of(warning: EarlyWarning) -> list[Window]:
    """Return the numbers in each window at the last look."""
    return [
        Window(spoken_window(seconds), people, spoken_number(usual))
        for seconds, (people, usual) in zip(WINDOWS, warning.now, strict=True)
    ]


def plot_of(warning: EarlyWarning) -> Plot:
    """Return the hours of a warning, starting a day before it, in SUMMARY_TIME_ZONE."""
    zone = ZoneInfo(settings.SUMMARY_TIME_ZONE)
    known = {int(begin): pair for begin, pair in warning.hours.items()}
    begins = list(range(min(known), max(known) + 1, int(HOUR))) if known else []
    people = [known.get(begin, [0, 0])[0] for begin in begins]
    usual = [known[begin][1] if begin in known else None for begin in begins]
    highest = max([*people, *(value for value in usual if value is not None)], default=0) or 1
    names = [datetime.fromtimestamp(begin, UTC).astimezone(zone).strftime("%m-%d %H:00") for begin in begins]
    step = PLOT_WIDTH / max(len(begins), 1)
    every = max(1, len(begins) // 6)
    drawn = bars(people, width=PLOT_WIDTH, height=PLOT_HEIGHT, top=highest)
    warned = (warning.opened_at.timestamp() - begins[0]) / HOUR * step if begins else None
    return Plot(
        list(zip(drawn, names, strict=True)),
        line(usual, width=PLOT_WIDTH, height=PLOT_HEIGHT, top=highest, pad=0),
        ticks(highest, height=PLOT_HEIGHT, most=3),
        [(round(step * (number + 0.5), 1), name) for number, name in enumerate(names) if number % every == 0],
        round(warned, 1) if warned is not None and 0 <= warned <= PLOT_WIDTH else None,
    )


def concentrations_of(warning: EarlyWarning) -> list[Concentration]:
    """Return what most people behind a warning share: version, platform, channel, language. One query."""
    columns = {
        _("App version"): "feedback__app_version",
        _("Platform"): "feedback__platform",
        _("Channel"): "channel__name",
        _("Language"): "assessment__language",
    }
    rows = list(
        Message.objects.filter(pk__in=warning.message_ids).values_list(
            "feedback__customer", *columns.values()
        )
    )
    found = []
    for number, name in enumerate(columns, start=1):
        said = {row[0]: row[number] for row in rows if row[number]}
        for value, count in Counter(said.values()).most_common(1):
            if count >= _SEVERAL and count >= _MOST_OF_THEM * len(said):
                found.append(Concentration(name, str(value), count / len(said)))
    return found
