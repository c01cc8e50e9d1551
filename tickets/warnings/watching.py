"""Look for surges every five minutes, in a worker, and page the on-call about what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from config.kit.models import OutboxRow
from config.kit.naming import page_language
from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import owe
from config.kit.routes import absolute
from tickets.crisis.models import About, Page
from tickets.crisis.notices import Notice, Teller, register_teller, signed_subject
from tickets.warnings.looking import Found, look
from tickets.warnings.models import EarlyWarning
from tickets.warnings.services import LOOK, record
from tickets.warnings.wording import in_one_sentence

_KEPT_FOR = timedelta(days=1)


def owe_look(slot: datetime) -> None:
    """Owe one look to a worker. The beat calls it every five minutes."""
    owe(LOOK, int(slot.timestamp()), at=slot)


def look_now(_slot: int, at: datetime) -> list[Found]:
    """Look at live feedback as of ``at``, not of the slot, even when the look runs late."""
    return look(at)


def record_look(_slot: int, found: Sequence[Found], at: datetime) -> None:
    """Record what was found, and delete outbox rows of looks done more than a day ago."""
    record(found, at=at)
    OutboxRow.objects.filter(kind=LOOK, done_at__lt=at - _KEPT_FOR).delete()


def notice_of(page: Page) -> Notice:
    """Return the notice of ``page``: what its warning is about, how many people, how unusual, and the link.

    It contains no customer's words.
    """
    warning = EarlyWarning.objects.select_related("theme").get(page=page)
    name = warning.name_for(page_language())
    link = absolute("warnings:warning", warning.public_id)
    subject = _("Warning %(severity)s: %(name)s") % {"severity": warning.get_severity_display(), "name": name}
    facts = {
        "warning": str(warning.public_id),
        "about": warning.kind,
        "name": name,
        "severity": warning.get_severity_display(),
        "people": warning.people,
        "usual": round(warning.expected, 2),
        "window_minutes": warning.window // 60,
        "link": link,
        "is_drill": warning.origin == Origin.DRILL,
    }
    lines = (in_one_sentence(warning), "", _("Confirm or dismiss it: %(link)s") % {"link": link})
    return Notice(signed_subject(subject, is_drill=warning.origin == Origin.DRILL), lines, facts)


def is_needed(page: Page) -> bool:
    """Whether the warning of ``page`` is still live."""
    return EarlyWarning.objects.filter(page=page).live().exists()


def tell_of_warnings() -> None:
    """Register this part as the teller of pages about warnings. For ``AppConfig.ready``."""
    register_teller(About.WARNING, Teller(notice_of, is_needed))


LOOK_HANDLER = Handler(kind=LOOK, lane=Lane.DEFAULT, work=look_now, effect=record_look)
