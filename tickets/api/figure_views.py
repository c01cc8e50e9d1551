"""API of team figures: the numbers of the page, limited to what the caller may see."""

from __future__ import annotations

from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kit.caching import NOT_KEPT
from config.kit.documentation import documented
from tickets.api import figure_documentation as documentation
from tickets.figures.asking import CannotCount, asked_in, choices_for
from tickets.figures.exports import as_json
from tickets.figures.services import report_for
from users.accounts.models import Scope
from users.api.policies import Audience, Policy, login_of

# Anyone who may read the tickets can count them, so a token needs no further scope.
READ = Policy(Audience.STAFF, Scope.READ_TICKETS)


@documented(get=documentation.READ)
class Figures(APIView):
    policies = {"GET": READ}

    def get(self, request: Request) -> Response:
        """Get the figures of a period: tickets, times, deadlines met and ratings.

        Compared with the same number of days before.
        """
        user = login_of(request)
        choices = choices_for(user)
        given = {
            name: value
            for name in ("from", "to", "team", "queue", "channel")
            if (value := request.query_params.get(name))
        }
        try:
            asked = asked_in(given, choices, at=timezone.now())
        except CannotCount as refusal:
            raise ValidationError({refusal.field or "": [str(refusal)]}, code=refusal.code) from None
        return Response(as_json(report_for(user, asked, choices)), headers=NOT_KEPT)
