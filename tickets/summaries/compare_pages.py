"""The page that puts two summaries side by side, under /admin/summaries/compare/."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils.translation import gettext as _

from config.kit.naming import page_language
from config.kit.staff import staff_page
from tickets.summaries.comparing import Difference, Row, compare_summaries
from tickets.summaries.frame import shown
from tickets.summaries.models import Summary
from tickets.summaries.shown import measured_against
from users.accounts.requests import StaffRequest

_CHOICES = 100


@staff_page
def compare_page(request: StaffRequest) -> HttpResponseBase:
    """Compare ``before`` with ``after``; by default the newest and the one before it of its kind and origins."""
    readable = Summary.objects.visible_to(request.user)
    after = chosen(readable, request.GET.get("after")) or readable.newest().first()
    before = chosen(readable, request.GET.get("before")) or _earlier(readable, after)
    rows = compare_summaries(before, after) if before and after else []
    totals = Counter(row.difference for row in rows if not row.point.is_praise)
    return shown(
        request,
        "summaries/compare.html",
        {
            "title": _("Compare two periods"),
            "summaries": list(readable.newest()[:_CHOICES]),
            "before": before,
            "after": after,
            "rows": drawn(rows, language=page_language()),
            "measured_against": measured_against(after) if after else "",
            "totals": [(one.value, one.label, totals[one]) for one in Difference],
        },
    )


def chosen(readable: QuerySet[Summary], asked: str | None) -> Summary | None:
    """Return the requested summary, None when none was requested. Raises Http404 when it is not readable."""
    if not asked:
        return None
    try:
        found = readable.filter(public_id=UUID(asked)).first()
    except ValueError:
        raise Http404 from None
    if found is None:
        raise Http404
    return found


def _earlier(readable: QuerySet[Summary], after: Summary | None) -> Summary | None:
    if after is None:
        return None
    same = readable.filter(kind=after.kind, origins=after.origins, start_at__lt=after.start_at)
    return same.order_by("-start_at", "-revision").first()


def drawn(rows: list[Row], *, language: str) -> list[dict[str, Any]]:
    """Return the rows as template context, with names and bar widths, 0..100."""
    widest = max((side.share for row in rows for side in (row.before, row.after) if side), default=0) or 1
    return [
        {
            "name": row.point.name_for(language),
            "point": row.point,
            "difference": row.difference,
            "change": row.change,
            "before": row.before,
            "after": row.after,
            "steps": row.steps,
            "fallen": -(row.steps or 0),
            "before_width": f"{100 * row.before.share / widest:.1f}" if row.before else "0",
            "after_width": f"{100 * row.after.share / widest:.1f}" if row.after else "0",
        }
        for row in rows
    ]
