"""Filters of a list, read from and written to the query string, so that a filtered list has a URL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from feedback.analysis.models import CrisisCategory, UrgencyLane
from feedback.intake.models import ChannelKind, Topic
from tickets.desk.models import Status, TicketQuerySet
from users.accounts.models import User

NOBODY = "nobody"
ME = "me"


@dataclass(frozen=True)
class Filters:
    """Codes as stored, empty for "any"; ``assignee`` is ``me``, ``nobody`` or a user's name."""

    folder: str = "all"
    status: str = ""
    channel: str = ""
    language: str = ""
    topic: str = ""
    category: str = ""
    lane: str = ""
    assignee: str = ""
    tag: str = ""

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> Filters:
        """Return the filters in ``query``, ignoring unknown parameters and values."""
        known = {name: str(query.get(name, ""))[:60] for name in cls.__dataclass_fields__}
        filters = cls(**{name: value for name, value in known.items() if value})
        for name, choices in _CHOICES.items():
            if getattr(filters, name) not in ("", *choices):
                filters = replace(filters, **{name: ""})
        return filters

    @property
    def narrowing(self) -> dict[str, str]:
        """The filters chosen in addition to the folder."""
        return {name: value for name, value in asdict(self).items() if value and name != "folder"}

    @property
    def query(self) -> str:
        """The query string that leads back to this list."""
        return urlencode({"folder": self.folder, **self.narrowing})

    def apply(self, tickets: TicketQuerySet, user: User) -> TicketQuerySet:
        """Return ``tickets`` filtered; ``me`` means ``user``."""
        columns = {
            "status": self.status,
            "feedback__channel__kind": self.channel,
            "topic": self.topic,
            "category": self.category,
            "lane": self.lane,
            "tags__name": self.tag,
        }
        tickets = tickets.filter(**{name: value for name, value in columns.items() if value})
        if self.language:
            # "zh" includes all its scripts.
            tickets = tickets.filter(Q(language=self.language) | Q(language__startswith=f"{self.language}-"))
        if self.assignee:
            people = {ME: Q(assignee=user), NOBODY: Q(assignee=None)}
            tickets = tickets.filter(people.get(self.assignee, Q(assignee__username=self.assignee)))
        return tickets


_CHOICES: dict[str, list[str]] = {
    "status": Status.values,
    "channel": ChannelKind.values,
    "topic": Topic.values,
    "category": CrisisCategory.values,
    "lane": UrgencyLane.values,
}
