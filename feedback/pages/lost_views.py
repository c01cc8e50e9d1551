"""The public pages for whoever lost their private link: ask for all of them by mail, and open them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from config.kit.naming import page_language
from config.kit.pages import public_page, secret_page
from feedback.intake.links import status_token
from feedback.intake.lost_links import answered_to, ask_for_links, request_of
from feedback.pages.forms import LostLinkForm
from feedback.pages.refusals import NOT_ACCEPTED, TOO_MANY, minutes_of, too_early

MOST_LISTED = 100


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def lost_link(request: HttpRequest) -> HttpResponseBase:
    """Take an address; say the same whether we know it or not."""
    if request.method != "POST":
        return render(request, "pages/lost_link.html", {"form": LostLinkForm()})
    form = LostLinkForm(request.POST)
    if (wait := too_early(request)) is not None:
        context = {"form": form, "wait_minutes": minutes_of(wait)}
        return render(request, "pages/lost_link.html", context, status=TOO_MANY)
    if not form.is_valid():
        return render(request, "pages/lost_link.html", {"form": form}, status=NOT_ACCEPTED)
    email = form.cleaned_data["email"]
    ask_for_links(email, language=page_language(), at=timezone.now())
    return render(request, "pages/lost_link.html", {"sent_to": email})


@require_safe
@secret_page
@public_page
def my_feedback(request: HttpRequest, token: str) -> HttpResponseBase:
    """List what is answered to the address that the mailed link was sent to."""
    asked = request_of(token, at=timezone.now())
    if asked is None:
        raise Http404
    threads = answered_to(asked)[: MOST_LISTED + 1]
    listed = [(thread, status_token(thread.public_id)) for thread in threads]
    context = {"email": asked.value, "listed": listed[:MOST_LISTED], "has_more": len(listed) > MOST_LISTED}
    return render(request, "pages/my_feedback.html", context)
