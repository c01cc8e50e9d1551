"""Submit feedback, and list the caller's own."""

from __future__ import annotations

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from config.kit.caching import NOT_KEPT
from config.kit.documentation import documented
from config.kit.fields import read
from config.kit.pagination import newest_first
from config.kit.parsers import BoundedMultiPartParser, StrictJSONParser
from config.kit.text import clean_line
from feedback.api import documentation
from feedback.api.receipts import answer
from feedback.api.requests import fields_of, files_of, key_in, raw_of, sender_in
from feedback.api.serializers import FeedbackIn, FeedbackOut, submission_of
from feedback.api.submission import submit
from feedback.api.throttles import SubmitView
from feedback.intake.models import Feedback
from users.accounts.models import Scope
from users.api.policies import Audience, Policy, user_of


@documented(get=documentation.LIST, post=documentation.SUBMIT)
class FeedbackCollection(SubmitView):
    parser_classes = [StrictJSONParser, BoundedMultiPartParser]
    policies = {
        "GET": Policy(Audience.LOGGED_IN, Scope.READ_FEEDBACK),
        "POST": Policy(Audience.ANYBODY, Scope.WRITE_FEEDBACK),
    }

    def get(self, request: Request) -> Response:
        """List your own feedback, newest first."""
        user = user_of(request)
        rows = Feedback.objects.visible_to(user)
        if account := request.query_params.get("account"):
            # Cleaned as it was when it was stored.
            rows = rows.of_account(clean_line(account))
        page = newest_first(rows, request)
        shown = {"results": FeedbackOut(page.rows, many=True).data, "next": page.next}
        return Response(shown, headers=NOT_KEPT)

    def post(self, request: Request) -> Response:
        """Submit new feedback."""
        at = timezone.now()
        given = read(FeedbackIn, fields_of(request))
        sender = sender_in(request, named=given.get("customer"), at=at)
        key = key_in(request, sender.principal)
        submission = submission_of(given, files=files_of(request), raw=raw_of(request))
        return answer(submit(sender, submission, at=at, key=key))
