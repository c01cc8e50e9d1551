"""Run the last days through the watch again and print what it would have warned of."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation
from tqdm import tqdm

from config.kit.naming import page_language
from config.kit.origins import Origin
from config.kit.outbox.services import database_now
from tickets.warnings.models import EarlyWarning
from tickets.warnings.replay import replayed
from tickets.warnings.wording import in_one_sentence


class Command(BaseCommand):
    help = (
        "Look at the last days again, hour by hour, with only what was known then, and print each warning: when it "
        "would have come, about what, how far above the usual, how long it lasted. Changes nothing, tells nobody."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=30, help="how many days back (30)")
        parser.add_argument("--until", metavar="YYYY-MM-DD", help="the last day, included (default: now)")
        parser.add_argument("--step", type=int, default=60, metavar="MINUTES", help="between two looks (60)")
        parser.add_argument(
            "--origin",
            choices=[Origin.LIVE, Origin.DEMO],
            default=Origin.LIVE,
            help="of which messages (live)",
        )
        parser.add_argument("--language", default="en", help="of what is printed: en or zh-hans")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["days"] < 1 or options["step"] < 5:
            raise CommandError("Give at least one day and a step of at least five minutes.")
        end = last_moment(options["until"])
        start = end - timedelta(days=options["days"])
        step = timedelta(minutes=options["step"])
        warnings: tuple[EarlyWarning, ...] = ()
        with tqdm(total=(end - start) // step, unit="look", desc="Replay", file=self.stderr) as bar:
            for look in replayed(start, end, step=step, origin=options["origin"]):
                warnings = look.warnings
                bar.update()
        with translation.override(options["language"]):
            self.stdout.write(table(warnings))


def last_moment(until: str | None) -> datetime:
    """Return the end of the day ``until`` in SUMMARY_TIME_ZONE, now without one. Raises CommandError."""
    now = database_now()
    if until is None:
        return now
    try:
        day = datetime.strptime(until, "%Y-%m-%d").replace(tzinfo=ZoneInfo(settings.SUMMARY_TIME_ZONE))
    except ValueError:
        raise CommandError(f"{until!r} is no day: write it as 2026-10-31.") from None
    return min(day + timedelta(days=1), now)


def table(warnings: tuple[EarlyWarning, ...]) -> str:
    """Return two lines for each warning, oldest first, and how many there were."""
    language = page_language()
    lines = [line for one in warnings for line in told(one, language=language)]
    return "\n".join([*lines, f"{len(warnings)} warnings."])


def told(one: EarlyWarning, *, language: str) -> tuple[str, str]:
    """Return what ``one`` would have said, and what became of it."""
    zone = ZoneInfo(settings.SUMMARY_TIME_ZONE)
    end = f"over {one.resolved_at.astimezone(zone):%m-%d %H:%M}" if one.resolved_at else "live"
    before = (one.opened_at - one.began_at).total_seconds() / 3600
    return (
        f"{one.opened_at.astimezone(zone):%Y-%m-%d %H:%M}  {one.get_severity_display()}  {one.name_for(language)}",
        f"    {in_one_sentence(one)} First message of that day {before:.1f} h before; "
        f"at most {one.peak_people} people in 24 h; {end}.",
    )
