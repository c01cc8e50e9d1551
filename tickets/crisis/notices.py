"""The text of pages: enough to know how bad it is and where to go, without a word of the customer's."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.kit.origins import Origin
from config.kit.routes import absolute
from feedback.analysis.models import CrisisCategory, UrgencyLane
from tickets.crisis.models import About, AuditFinding, Page, PageDelivery
from tickets.crisis.paging import waiting_like
from tickets.desk.models import CrisisPlace

#: The most tickets a page names; the others are only counted.
MOST_NAMED = 5


@dataclass(frozen=True)
class Notice:
    """One page in the language of its recipient; ``facts`` is the same for programs."""

    subject: str
    lines: tuple[str, ...]
    facts: dict[str, Any]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def as_json(self, event_id: str) -> bytes:
        """Return the body sent to webhooks; chat programs show its ``text``."""
        event = {"id": event_id, "type": "page", "text": f"{self.subject}\n{self.text}", "data": self.facts}
        return json.dumps(event, ensure_ascii=False).encode()


@dataclass(frozen=True)
class Teller:
    """Writes pages for a part that imports this one; ``is_needed`` says whether recipients still need to know."""

    notice: Callable[[Page], Notice]
    is_needed: Callable[[Page], bool]


_tellers: dict[str, Teller] = {}


def register_teller(about: About, teller: Teller) -> None:
    """Use ``teller`` for pages ``about`` something. For ``AppConfig.ready``."""
    _tellers[about] = teller


def teller_of(page: Page) -> Teller | None:
    """Return the teller registered for ``page``, None for pages that this part writes itself."""
    return _tellers.get(page.about)


def notice_of(delivery: PageDelivery, *, language: str, at: datetime) -> Notice:
    """Return the notice of ``delivery`` at ``at``, in ``language`` (en or zh-hans)."""
    with translation.override(language):
        if (teller := teller_of(delivery.page)) is not None:
            return teller.notice(delivery.page)
        if delivery.page.about == About.FINDING:
            return _of_findings(list(delivery.page.findings.open().order_by("pk")))
        waiting = waiting_like(delivery.page)
        named = waiting.select_related("ticket").order_by("entered_at", "pk")[:MOST_NAMED]
        return _of_places(delivery, list(named), count=waiting.count(), at=at)


def _of_places(delivery: PageDelivery, named: Sequence[CrisisPlace], *, count: int, at: datetime) -> Notice:
    page = delivery.page
    category = str(CrisisCategory(page.category).label) if page.category else _("Urgent message")
    subject = ngettext(
        "Urgent: %(category)s, %(count)s ticket waits", "Urgent: %(category)s, %(count)s tickets wait", count
    ) % {"category": category, "count": count}
    oldest = named[0] if named else None
    lines = [f"{category} ({UrgencyLane(page.lane).label})"]
    if oldest is not None:
        lines.append(
            _("Nobody has taken it for %(time)s, since %(since)s. To be taken by %(until)s.")
            % {
                "time": timesince(oldest.entered_at, at),
                "since": clock(oldest.entered_at),
                "until": clock(min(place.ack_due_at for place in named)),
            }
        )
    lines += ["", *(f"{place.ticket.number}  {link_to(place)}" for place in named)]
    if count > len(named):
        lines.append(_("and %(count)s more") % {"count": count - len(named)})
    queue = absolute("desk:crisis")
    lines += ["", _("All of them: %(link)s") % {"link": queue}]
    lines.append(
        _("This is notification %(step)s; others follow until someone takes it.") % {"step": delivery.step}
    )
    facts = {
        "category": page.category,
        "lane": page.lane,
        "count": count,
        "tickets": [{"number": place.ticket.number, "link": link_to(place)} for place in named],
        "waiting_since": oldest.entered_at.isoformat() if oldest else None,
        "step": delivery.step,
        "link": queue,
        "is_drill": page.origin == Origin.DRILL,
    }
    return Notice(signed_subject(subject, is_drill=page.origin == Origin.DRILL), tuple(lines), facts)


def _of_findings(findings: Sequence[AuditFinding]) -> Notice:
    subject = ngettext(
        "Earshot itself needs you: %(count)s finding",
        "Earshot itself needs you: %(count)s findings",
        len(findings),
    ) % {"count": len(findings)}
    link = absolute("admin:tickets_auditfinding_changelist")
    facts = {
        "findings": [{"code": one.code, "key": one.key, "count": one.count} for one in findings],
        "link": link,
    }
    return Notice(signed_subject(subject), (*(f"- {one}" for one in findings), "", link), facts)


def signed_subject(subject: str, *, is_drill: bool = False) -> str:
    """Return ``subject`` with our prefix, marked when it is a drill."""
    return f"[Earshot] {_('Drill')}: {subject}" if is_drill else f"[Earshot] {subject}"


def link_to(place: CrisisPlace) -> str:
    """Return the absolute URL of the ticket of ``place``."""
    return absolute("desk:conversation", place.ticket.public_id)


def clock(moment: datetime) -> str:
    """Return the time of day and the zone, in the installation's time zone."""
    zone = ZoneInfo(settings.SUMMARY_TIME_ZONE)
    return f"{localtime(moment, zone):%H:%M} ({settings.SUMMARY_TIME_ZONE})"
