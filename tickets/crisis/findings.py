"""Store what the auditor found, page people once, and report health."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Max

from config.kit.egress import EgressFailed, EgressRefused, get
from config.kit.models import Heartbeat
from config.kit.outbox.lanes import Lane
from config.kit.outbox.sweeper import sweep_lane
from tickets.crisis.audit import Found, look
from tickets.crisis.models import About, AuditFinding, Page
from tickets.crisis.paging import owe_deliveries
from tickets.crisis.recipients import audience_of
from tickets.queues.escalation import ON_CALL

log = structlog.get_logger(__name__)

AUDITOR = "auditor"
AUDITOR_SECONDS = 30.0
AUDITOR_MAY_BE_SILENT = timedelta(seconds=120)
#: A finding that returns within this time is the same one, so that a flapping problem does not page each time.
SAME_AGAIN_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class Health:
    """The state of the installation; not good while a finding is open, or when the auditor has been silent."""

    is_good: bool
    auditor_seen_at: datetime | None
    findings: tuple[AuditFinding, ...]


def audit(at: datetime) -> list[AuditFinding]:
    """Run all checks, store the findings and page the on-call about new ones; return those open. One pass."""
    return record(look(at), at=at)


@transaction.atomic
def record(found: Sequence[Found], *, at: datetime) -> list[AuditFinding]:
    """Open, keep or close findings so that those open match ``found``, and page about those not paged yet."""
    wrong = {(one.code.value, one.key) for one in found}
    for finding in AuditFinding.objects.open():
        if (finding.code, finding.key) not in wrong:
            AuditFinding.objects.open().filter(pk=finding.pk).update(closed_at=at)
    open_now = [_keep(one, at=at) for one in found]
    _page_about_untold(at=at)
    return open_now


def _keep(found: Found, *, at: datetime) -> AuditFinding:
    same = AuditFinding.objects.filter(code=found.code, key=found.key)
    finding = same.open().first() or same.filter(closed_at__gt=at - SAME_AGAIN_WITHIN).order_by("-pk").first()
    if finding is None:
        finding, _created = AuditFinding.objects.get_or_create(
            code=found.code, key=found.key, closed_at=None, defaults={"opened_at": at, "seen_at": at}
        )
    finding.count, finding.seen_at, finding.closed_at = found.count, at, None
    finding.save(update_fields=["count", "seen_at", "closed_at"])
    return finding


def _page_about_untold(*, at: datetime) -> None:
    # A second auditor waited at the unique index for the first to commit, so it sees what that one paged about.
    untold = list(AuditFinding.objects.open().filter(page=None))
    if not untold:
        return
    page = Page.objects.create(about=About.FINDING, opened_at=at)
    AuditFinding.objects.filter(pk__in=[one.pk for one in untold]).update(page=page)
    audience = audience_of(ON_CALL, at=at)
    owe_deliveries(page, audience.recipients, at=at)
    log.error("audit_findings", codes=sorted({one.code for one in untold}), people=len(audience.recipients))


def audit_and_tell(at: datetime) -> None:
    """Run one turn of the auditor: audit, send pages in case no sweeper does, ping HEARTBEAT_URL if all is well."""
    findings = audit(at)
    # The sweepers may be the silent processes. Rows are claimed, so nothing is sent twice.
    sweep_lane(Lane.PAGE, most=20)
    if settings.HEARTBEAT_URL and not findings:
        try:
            get(settings.HEARTBEAT_URL)
        except (EgressFailed, EgressRefused) as error:
            # The external monitor notices the silence; that is what it is for.
            log.warning("heartbeat_not_heard", error=str(error))


def health(at: datetime) -> Health:
    """Return the health as of the auditor's last run. Two queries."""
    seen_at = Heartbeat.objects.filter(name=AUDITOR).aggregate(last=Max("at"))["last"]
    findings = tuple(AuditFinding.objects.open().order_by("opened_at", "pk"))
    is_watched = seen_at is not None and seen_at > at - AUDITOR_MAY_BE_SILENT
    return Health(is_good=is_watched and not findings, auditor_seen_at=seen_at, findings=findings)
