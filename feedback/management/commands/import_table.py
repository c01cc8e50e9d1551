"""Import a table of feedback: old tickets, store reviews, answers of a survey."""

from __future__ import annotations

import csv
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from config.kit.cells import safe_cell
from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import database_now, run_batch
from feedback.channels.table.importing import Bookmark, check_rows, import_rows
from feedback.channels.table.kind import Source, zone_of
from feedback.channels.table.mapping import (
    FIELDS,
    BadMapping,
    guess_mapping,
    parse_mapping,
    parse_time,
)
from feedback.channels.table.reading import Flaw, NotATable, columns_of, read_table
from feedback.intake.models import Channel, ChannelKind
from feedback.intake.services import MESSAGE_RECEIVED

EXAMPLES = f"""
Fields for --map, each FIELD=COLUMN, separated by commas:
{chr(10).join(f"  {name:12} {meaning}" for name, meaning in FIELDS.items())}
Without --map, columns named like a field are taken as that field.

Examples:
  manage.py import_table reviews.csv --channel reviews --kind reviews --map text=review,rating=stars,sent_at=date
  manage.py import_table old_tickets.jsonl --channel old-helpdesk --map text=body,sent_at=created,email=from --dry-run
  manage.py import_table survey.xlsx --channel survey-2024 --kind survey --map text=Answer --sent-at 2024-11-15

What is imported pages nobody, answers nobody and starts no deadline. It is assessed and counts in summaries
by when it was sent; what may be urgent waits in the review queue.

Any import may be stopped and run again: a row is known by its key (--map key=COLUMN) or, without one, by its
content, and comes in once. Rows that cannot be taken are passed over and listed in the report.
"""


class Command(BaseCommand):
    help = "Import feedback from a CSV, JSON lines or XLSX file through the same door as everything else."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.epilog = EXAMPLES
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help=".csv, .tsv, .jsonl, .ndjson or .xlsx (its first sheet)")
        parser.add_argument("--channel", required=True, help="slug of the channel; made when it is new")
        parser.add_argument(
            "--kind", choices=ChannelKind.values, default=ChannelKind.TABLE, help="of a new channel (table)"
        )
        parser.add_argument("--map", default="", dest="mapping", help="which column is what, see below")
        parser.add_argument(
            "--origin",
            choices=[Origin.IMPORT, Origin.LIVE],
            default=Origin.IMPORT,
            help="live: treat the rows as if people wrote them now; urgent ones page (import)",
        )
        parser.add_argument("--sent-at", default="", help="when rows without a time were sent (now)")
        parser.add_argument("--zone", default="", help="of times that name none (SUMMARY_TIME_ZONE)")
        parser.add_argument("--encoding", default="", help="when it is neither UTF-8 nor GB 18030")
        parser.add_argument(
            "--trust-addresses",
            action="store_true",
            help="the table's e-mail addresses are verified: join these people's histories",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, write nothing")
        parser.add_argument(
            "--resume", action="store_true", help="pass over the rows that an interrupted run finished"
        )
        parser.add_argument(
            "--leave-work", action="store_true", help="store only; workers or the sweeper assess later"
        )
        parser.add_argument("--report", type=Path, help="where rows that cannot be taken are listed")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        at = database_now()
        try:
            source = self.source(path, options, at)
            rows = sum(1 for _ in read_table(path, encoding=options["encoding"]))
            flaws = self.bring_in(path, source, rows, options, at)
        except (NotATable, BadMapping, ValueError) as refused:
            raise CommandError(str(refused)) from refused
        self.write_report(flaws, options["report"] or self.home() / f"{path.name}.errors.csv")
        if not options["dry_run"] and not options["leave_work"] and options["origin"] == Origin.IMPORT:
            self.do_the_work()

    def source(self, path: Path, options: dict[str, Any], at: datetime) -> Source:
        """Return how to understand the rows, or raise ValueError with what is wrong with the options."""
        columns = columns_of(path, encoding=options["encoding"])
        mapping = guess_mapping(columns)
        if options["mapping"] or not {"text", "rating"} & mapping.keys():
            mapping = parse_mapping(options["mapping"], columns)
        zone = options["zone"] or settings.SUMMARY_TIME_ZONE
        sent_at = parse_time(options["sent_at"], zone_of(zone)) if options["sent_at"] else at
        if sent_at is None or sent_at > at:
            raise ValueError(f"--sent-at {options['sent_at']}: give a past date such as 2024-11-15.")
        read = ", ".join(f"{name} from {column!r}" for name, column in mapping.items())
        self.stderr.write(f"{path.name}: {read}")
        return Source(mapping, zone, sent_at, options["trust_addresses"])

    def bring_in(
        self, path: Path, source: Source, rows: int, options: dict[str, Any], at: datetime
    ) -> list[Flaw]:
        """Import or check all rows with a progress bar; return what could not be taken."""
        lines = read_table(path, encoding=options["encoding"])
        channel = Channel.objects.filter(slug=options["channel"]).first()
        bookmark, after = None, 0
        if options["dry_run"]:
            batches = check_rows(lines, source, at=at)
        else:
            if channel is None:
                name = options["channel"]
                channel = Channel.objects.create(slug=name, kind=options["kind"], name=name)
            bookmark = Bookmark.of(path, source, channel, home=self.home())
            after = bookmark.rows() if options["resume"] else 0
            origin = Origin(options["origin"])
            batches = import_rows(lines, source, channel=channel, origin=origin, at=at, after=after)
        new, known = 0, 0
        flaws: list[Flaw] = []
        with tqdm(total=rows, initial=after, unit="row", desc="Import", file=sys.stderr) as bar:
            for batch in batches:
                new, known = new + batch.new, known + batch.known
                flaws += batch.flaws
                if bookmark is not None:
                    bookmark.move(batch.rows)
                bar.update(batch.rows - bar.n)
        if bookmark is not None:
            bookmark.remove()
        done = "would be new" if options["dry_run"] else "new"
        passed = f", {after} passed over" if after else ""
        self.stdout.write(f"{new} {done}, {known} known already, {len(flaws)} not taken{passed}")
        return flaws

    def write_report(self, flaws: list[Flaw], path: Path) -> None:
        """List ``flaws`` as CSV in ``path``; a report of an earlier run is removed when there are none."""
        if not flaws:
            path.unlink(missing_ok=True)
            return
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["line", "code", "detail"])
            writer.writerows([flaw.number, flaw.code, safe_cell(flaw.detail)] for flaw in flaws)
        self.stdout.write(f"What could not be taken, and why: {path}")

    def do_the_work(self) -> None:
        """Assess what is owed on the bulk lane, beside whichever workers do too, until nothing is left to take."""
        owed = OutboxRow.objects.open().filter(lane=Lane.BULK, kind=MESSAGE_RECEIVED)
        with tqdm(total=owed.count(), unit="message", desc="Assess", file=sys.stderr) as bar:
            while taken := run_batch(Lane.BULK, at=database_now(), by="import"):
                bar.update(taken)
        if left := owed.count():
            self.stdout.write(f"{left} messages are left to the workers: others hold them, or they failed.")

    def home(self) -> Path:
        home = Path(settings.HOME) / "imports"
        home.mkdir(parents=True, exist_ok=True)
        return home
