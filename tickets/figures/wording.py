"""Titles for the tickets behind a number."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tickets.figures.counting import Measure
from tickets.figures.services import WAITING

_NAMES = {
    Measure.OPENED: gettext_lazy("Tickets opened"),
    Measure.SOLVED: gettext_lazy("Solved"),
    Measure.REOPENED: gettext_lazy("Reopened"),
    Measure.MERGED: gettext_lazy("Merged"),
    Measure.ANSWERED: gettext_lazy("Answered"),
    Measure.FIRST_ANSWER: gettext_lazy("First answer"),
    Measure.ANSWER_DUE: gettext_lazy("First answers with a deadline"),
    Measure.SOLUTION_DUE: gettext_lazy("Solutions with a deadline"),
    Measure.RATED: gettext_lazy("Rated by the customer"),
    Measure.ALARMED: gettext_lazy("Crisis alarms"),
    Measure.FALSE_ALARM: gettext_lazy("Called a false alarm"),
    Measure.ACKNOWLEDGED: gettext_lazy("Crisis alarms acknowledged"),
    WAITING: gettext_lazy("Waiting at the end"),
    "answer_missed": gettext_lazy("First answers too late"),
    "solution_missed": gettext_lazy("Solutions too late"),
}


def named(what: str) -> str:
    """Return the title of the tickets behind ``what``."""
    return str(_NAMES.get(what, _("Tickets")))
