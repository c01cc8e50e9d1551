"""The page behind the link in a message that something is fixed: does it work now?"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from config.kit.naming import page_language
from config.kit.pages import public_page, secret_page
from config.kit.secret_links import opened_id
from feedback.intake.links import status_token
from tickets.fixes.models import Answer, Reporter, ReporterState
from tickets.fixes.services import answer, tell_no_more
from tickets.fixes.wording import SALT


# The secret in the URL gives access, not a cookie; and Django's CSRF check would reject a page without a referrer.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
@public_page
def answer_page(request: HttpRequest, token: str) -> HttpResponseBase:
    """Ask whether it works now and record the answer; with a button, because mail scanners follow links."""
    reporter = told_or_404(token)
    is_stopped = False
    if request.method == "POST":
        said = request.POST.get("answer", "")
        if said in Answer.values:
            reporter = answer(reporter, said=Answer(said), at=timezone.now())
        elif "stop" in request.POST:
            tell_no_more(reporter, at=timezone.now())
            is_stopped = True
    context = {
        "reporter": reporter,
        "number": reporter.feedback.number,
        "version": reporter.fix.version,
        "problem": reporter.fix.name_for(page_language()) if reporter.fix.problem else "",
        "status_token": status_token(reporter.feedback.public_id),
        "is_stopped": is_stopped,
    }
    return render(request, "fixes/answer.html", context)


def told_or_404(token: str) -> Reporter:
    """Return the reporter identified by the secret in their link. Raises Http404, also after erasure."""
    public_id = opened_id(SALT, token)
    if public_id is None:
        raise Http404
    known = Reporter.objects.select_related("fix__problem", "feedback", "customer__merged_into")
    reporter = known.filter(
        public_id=public_id, state=ReporterState.TOLD, feedback__customer__erased_at=None
    ).first()
    if reporter is None:
        raise Http404
    return reporter
