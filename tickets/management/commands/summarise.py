"""Make the summary of a period on the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from tqdm import tqdm

from config.kit.errors import Refused
from config.kit.naming import page_language
from config.kit.origins import Origin
from config.kit.outbox.services import database_now
from tickets.summaries.markdown import as_markdown, change_text
from tickets.summaries.models import Summary
from tickets.summaries.periods import CUSTOM, MONTH, WEEK, Period, asked_for, month_of
from tickets.summaries.runs import overall
from tickets.summaries.services import publish, summarise
from tickets.summaries.shown import page_of


class Command(BaseCommand):
    help = (
        "Theme and count what was said in a period, store it as a draft summary and print what hurts most. "
        "Without an option: the month before this one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        period = parser.add_mutually_exclusive_group()
        period.add_argument("--month", metavar="YYYY-MM", help="a calendar month")
        period.add_argument("--week", metavar="YYYY-MM-DD", help="the week, Monday to Sunday, of this day")
        period.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help="the first day; needs --to")
        parser.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help="the last day, included")
        parser.add_argument(
            "--origin",
            action="append",
            choices=[Origin.LIVE, Origin.IMPORT, Origin.DEMO],
            help="count messages of this origin; may be given again (default: live)",
        )
        parser.add_argument("--publish", action="store_true", help="publish it at once")
        parser.add_argument("--language", default="en", help="of what is printed: en or zh-hans")
        parser.add_argument(
            "--format", choices=["table", "markdown"], default="table", help="what is printed at the end"
        )
        parser.add_argument("--seed", type=int, default=0, help="of the grouping")

    def handle(self, *args: Any, **options: Any) -> None:
        at = database_now()
        period = asked_period(options, today=at.astimezone(ZoneInfo(settings.SUMMARY_TIME_ZONE)).date())
        origins = options["origin"] or [Origin.LIVE]
        with tqdm(
            total=100, unit="%", bar_format="{desc:<8} {bar:30} {n:3.0f} % {elapsed}", file=self.stderr
        ) as bar:
            try:
                summary = summarise(
                    period,
                    at=at,
                    actor=None,
                    origins=origins,
                    seed=options["seed"],
                    on_progress=lambda step, share: show(bar, step, share),
                )
                if options["publish"]:
                    summary = publish(summary, actor=None, at=at)
            except Refused as refusal:
                bar.close()
                raise CommandError(str(refusal)) from refusal
        with translation.override(options["language"]):
            text = as_markdown(summary) if options["format"] == "markdown" else table(summary)
        self.stdout.write(text)


def show(bar: tqdm[Any], step: str, share: float) -> None:
    """Move the bar to where ``share`` of ``step`` lies among all steps."""
    bar.set_description_str(step, refresh=False)
    bar.n = 100 * overall(step, share)
    bar.refresh()


def asked_period(options: dict[str, Any], *, today: date) -> Period:
    """Return the period that the options ask for. Raises CommandError on dates that are none."""
    zone = settings.SUMMARY_TIME_ZONE
    try:
        if options["month"]:
            day = date.fromisoformat(f"{options['month']}-01")
            return asked_for(MONTH, day, day, zone)
        if options["week"]:
            day = date.fromisoformat(options["week"])
            return asked_for(WEEK, day, day, zone)
        if options["first"] or options["last"]:
            if not (options["first"] and options["last"]):
                raise CommandError("--from and --to go together.")
            first, last = (date.fromisoformat(options[name]) for name in ("first", "last"))
            return asked_for(CUSTOM, first, last, zone)
    except ValueError as error:
        raise CommandError(str(error)) from error
    return month_of(today.replace(day=1) - timedelta(days=1), zone)


def table(summary: Summary) -> str:
    """Return the ten first pain points as lines of text."""
    head = (
        f"{summary.title} ({', '.join(summary.origins)}), revision {summary.revision}, {summary.state}: "
        f"{summary.message_count} messages of {summary.people_count} people, {summary.other_count} in no theme"
    )
    lines = [head, f"{'':>3} {'score':>6} {'people':>6} {'share':>6} {'change':>12}  theme"]
    for card in page_of(summary, language=page_language()).first:
        lines.append(
            f"{card.point.rank:>3} {card.score:>6.2f} {card.people:>6} {card.share:>6.1%} "
            f"{change_text(card.point):>12}  {card.name}"
        )
    return "\n".join(lines)
