"""Search over everything an agent may read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from unfold.dataclasses import SearchResult

from tickets.workbench.search import MOST_FOUND, search
from tickets.workbench.views.frame import desk_page, page
from users.accounts.requests import StaffRequest


@desk_page
def results(request: StaffRequest) -> HttpResponseBase:
    """Show the results; without a query, how to search."""
    at = timezone.now()
    query = request.GET.get("q", "")[:200]
    context = {
        "title": _("Search"),
        "query": query,
        "found": search(query, request.user, at=at),
        "most": MOST_FOUND,
        "now": at,
    }
    return page(request, "workbench/search.html", context)


def offer_search(request: HttpRequest, text: str) -> list[SearchResult]:
    """Offer a link to the search page in unfold's palette; not the results, since the palette caches them."""
    url = f"{reverse('desk:search')}?{urlencode({'q': text})}"
    title = _("Search messages for “%(text)s”") % {"text": text}
    return [SearchResult(title=title, description="", link=url, icon="search")]
