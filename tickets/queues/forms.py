"""Form fields that edit hours, holidays and escalation steps as rows, and return them as the models store them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.dates import WEEKDAYS
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    BASE_INPUT_CLASSES,
    SELECT_CLASSES,
    UnfoldAdminSelect2Widget,
    UnfoldAdminSelectWidget,
)

from feedback.analysis.models import CrisisCategory
from tickets.queues.clock import BadHours, check_hours
from tickets.queues.escalation import TEAM, BadSteps, parse_steps
from tickets.queues.wording import PEOPLE, name_of, sentence_of_hours, sentence_of_steps, team_names


class RowsWidget(forms.Widget):
    """Rows that can be added and removed on the page; the inputs of all rows share the names of their columns."""

    template_name: str

    class Media:
        css = {"all": ("queues/rows.css",)}
        js = ("queues/rows.js",)

    def use_required_attribute(self, initial: Any) -> bool:
        return False

    def format_value(self, value: Any) -> Any:
        return value

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        # Without rows the browser submits nothing, which is a valid value.
        return False

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # Django's default form renderer finds only templates of installed apps, not those of parts.
        context = self.get_context(name, value, attrs)
        return render_to_string(self.template_name, context | {"input_class": " ".join(BASE_INPUT_CLASSES)})


class HoursWidget(RowsWidget):
    """Seven days, each with any number of slots."""

    template_name = "queues/hours.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        days = [
            {"name": f"{name}-{weekday}", "label": label, "slots": (value or {}).get(str(weekday), ())}
            for weekday, label in WEEKDAYS.items()
        ]
        return {**super().get_context(name, value, attrs), "days": days}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, list[list[str]]]:
        hours = {}
        for weekday in WEEKDAYS:
            columns = (data.getlist(f"{name}-{weekday}-{column}") for column in ("opens", "closes"))
            slots = [list(slot) for slot in zip(*columns, strict=False) if any(slot)]
            if slots:
                hours[str(weekday)] = slots
        return hours


class HoursField(forms.Field):
    """The value of ``BusinessCalendar.hours``: the slots of each day in order, none overlapping in the week."""

    widget = HoursWidget

    def to_python(self, value: Any) -> dict[str, list[list[str]]]:
        hours = {weekday: sorted(slots) for weekday, slots in (value or {}).items()}
        try:
            check_hours(hours)
        except BadHours as error:
            raise ValidationError(sentence_of_hours(error), code=error.code) from error
        return {day: [[opens[:5], closes[:5]] for opens, closes in slots] for day, slots in hours.items()}


class DatesWidget(RowsWidget):
    """One day per row."""

    template_name = "queues/dates.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [day for day in data.getlist(name) if day]


class DatesField(forms.Field):
    """A list of days, each once, in order."""

    widget = DatesWidget

    def to_python(self, value: Any) -> list[date]:
        try:
            return sorted({day if isinstance(day, date) else date.fromisoformat(day) for day in value or ()})
        except ValueError as error:
            raise ValidationError(_("Write each holiday as year-month-day."), code="invalid") from error

    def prepare_value(self, value: Any) -> list[str]:
        return [str(day) for day in value or ()]


class StepsWidget(RowsWidget):
    """One step per row: after how many minutes, and who is notified."""

    template_name = "queues/steps.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        teams = team_names()
        steps = value if isinstance(value, Sequence) else ()
        stored = [step.get("notify") or "" for step in steps if isinstance(step, Mapping)]
        offered = dict.fromkeys([*PEOPLE, *(TEAM + slug for slug in teams), *filter(None, stored)])
        return {
            **super().get_context(name, value, attrs),
            "steps": steps,
            "choices": [(notify, name_of(notify, teams)) for notify in offered],
            "select_class": " ".join(SELECT_CLASSES),
        }

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, Any]]:
        columns = (data.getlist(f"{name}-{column}") for column in ("minutes", "notify"))
        return [
            {"after_minutes": minutes, "notify": notify}
            for minutes, notify in zip(*columns, strict=False)
            if minutes or notify
        ]


class StepsField(forms.Field):
    """The value of ``EscalationPolicy.steps``, sorted by time."""

    widget = StepsWidget

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        steps = [{**step, "after_minutes": _number(step["after_minutes"])} for step in value or ()]
        if all(step["after_minutes"] is not None for step in steps):
            steps.sort(key=lambda step: step["after_minutes"])
        try:
            parse_steps(steps)
        except BadSteps as error:
            raise ValidationError(sentence_of_steps(error), code=error.code) from error
        teams = team_names()
        for number, step in enumerate(steps, start=1):
            slug = step["notify"].removeprefix(TEAM)
            if step["notify"].startswith(TEAM) and slug not in teams:
                told = _("Step %(number)s: there is no team %(name)s any more. Choose another one.")
                raise ValidationError(told % {"number": number, "name": slug}, code="nobody")
        return steps


def _number(minutes: Any) -> int | float | None:
    """Return ``minutes`` as a number, None when it is not one. Whole minutes become integers, as they are stored."""
    try:
        number = float(minutes)
        return int(number) if number.is_integer() else number
    except (TypeError, ValueError, OverflowError):
        return None


class BusinessCalendarForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=capfirst(gettext_lazy("time zone")),
        choices=lambda: [(zone, zone) for zone in sorted(available_timezones())],
        initial=lambda: settings.SUMMARY_TIME_ZONE,
        widget=UnfoldAdminSelect2Widget,
    )
    hours = HoursField(
        label=capfirst(gettext_lazy("hours")),
        help_text=gettext_lazy(
            "A day without a slot is closed. A slot that ends at 00:00 ends with the day; "
            "one that ends before it begins ends on the next day."
        ),
    )
    holidays = DatesField(
        label=capfirst(gettext_lazy("holidays")),
        required=False,
        help_text=gettext_lazy("Days on which the clocks stand still, whatever weekday they are."),
    )


class EscalationPolicyForm(forms.ModelForm):
    category = forms.ChoiceField(
        label=capfirst(gettext_lazy("crisis category")),
        choices=[("", gettext_lazy("All others")), *CrisisCategory.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )
    steps = StepsField(
        label=capfirst(gettext_lazy("steps")),
        help_text=gettext_lazy(
            "Who is told, one after the other, until someone takes the ticket. The last step is repeated."
        ),
    )
