from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.kit.outbox.services import database_now
from feedback.channels.email.polling import poll
from feedback.intake.models import Channel, ChannelKind


class Command(BaseCommand):
    help = "Read mailboxes once, now, whether they are due or not. `manage.py loop mail` does it for ever."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "channels", nargs="*", metavar="channel", help="slugs; without any: every active one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        channels = Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True, config__has_key="imap")
        if options["channels"]:
            channels = channels.filter(slug__in=options["channels"])
            if missing := set(options["channels"]) - set(channels.values_list("slug", flat=True)):
                raise CommandError(f"No active mailbox: {', '.join(sorted(missing))}")
        failed = []
        for channel in channels.order_by("id"):
            polled = poll(channel, at=database_now())
            if polled is None:
                self.stdout.write(f"{channel.slug}: another process is reading it")
                continue
            self.stdout.write(
                f"{channel.slug}: {polled.stored} stored, {polled.known} known, {polled.troubled} not handed over"
            )
            if polled.error:
                self.stderr.write(f"{channel.slug}: {polled.error}")
                failed.append(channel.slug)
        if failed:
            raise CommandError(f"Could not read {', '.join(failed)}")
