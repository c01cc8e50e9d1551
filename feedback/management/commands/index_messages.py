from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from feedback.analysis.search import index_messages, unindexed

BATCH = 500


class Command(BaseCommand):
    help = "Make every message findable that is not yet: after loading a dump, or rows by SQL. Twice is harmless."

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(total=unindexed().count(), unit="messages", disable=None) as progress:
            while batch := list(unindexed().select_related("feedback").order_by("pk")[:BATCH]):
                index_messages(batch)
                progress.update(len(batch))
