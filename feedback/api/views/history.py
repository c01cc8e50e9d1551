"""The caller's own history with us."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kit.caching import NOT_KEPT
from config.kit.documentation import documented
from config.kit.pagination import address_with, decode_cursor, encode_cursor, limit_of, not_a_cursor
from feedback.api import documentation
from feedback.api.history import Position, history_of
from feedback.api.serializers import HistoryEntryOut
from users.accounts.models import Scope
from users.api.policies import Audience, Policy, login_of
from users.profiles.services import customer_of


@documented(get=documentation.MY_HISTORY)
class MyHistory(APIView):
    policies = {"GET": Policy(Audience.PERSON, Scope.PROFILE)}

    def get(self, request: Request) -> Response:
        """List all your messages, the answers to them and your ratings, newest first."""
        limit = limit_of(request)
        customer = customer_of(login_of(request), at=timezone.now())
        before = position_in(request.query_params.get("cursor", ""))
        entries = history_of(customer, before=before, most=limit + 1)
        following = None
        if len(entries) > limit:
            last = entries[limit - 1].position
            following = address_with(request, cursor=encode_cursor(last.at.isoformat(), last.kind, last.key))
        shown = {"results": HistoryEntryOut(entries[:limit], many=True).data, "next": following}
        return Response(shown, headers=NOT_KEPT)


def position_in(cursor: str) -> Position | None:
    """Return the position in ``cursor``, None when it is empty. Raises ValidationError."""
    if not cursor:
        return None
    parts = decode_cursor(cursor)
    try:
        at, kind, key = parts
        position = Position(datetime.fromisoformat(at), kind, int(key))
    except ValueError:
        raise not_a_cursor() from None
    if position.at.tzinfo is None or not 0 <= position.key < 2**63 or "\x00" in kind:
        raise not_a_cursor()
    return position
