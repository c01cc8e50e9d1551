"""API of webhooks, for callers who prefer notifications to polling: each user's own, and their log."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kit.caching import NOT_KEPT
from config.kit.documentation import documented
from config.kit.fields import read
from config.kit.pagination import newest_first
from tickets.api import hook_documentation as documentation
from tickets.api.hook_serializers import (
    HookChangeIn,
    HookDeliveryOut,
    HookIn,
    HookOut,
    HookWithSecretOut,
    ReplayIn,
    SecretOut,
)
from tickets.api.reading import moment
from tickets.hooks.models import Hook, HookDelivery, HookDeliveryState, HookEvent, HookTry
from tickets.hooks.services import (
    change,
    change_secret,
    remove,
    send_again,
    send_lost_again,
    send_test,
    set_up,
)
from users.accounts.models import Scope, User
from users.api.policies import Audience, Policy, login_of, token_of

OWN = Policy(Audience.PROGRAM, Scope.WEBHOOKS)


def own_hook(request: Request, webhook_id: UUID) -> Hook:
    """Return the caller's webhook with this id. Raises Http404."""
    hooks = Hook.objects.visible_to(login_of(request)).select_related("owner")
    hook = hooks.filter(public_id=webhook_id).first()
    if hook is None:
        raise Http404
    return hook


def check_scopes(request: Request, user: User, events: Sequence[str]) -> None:
    """Raise PermissionDenied if the token's scopes do not allow reading what ``events`` are about.

    Otherwise a webhook would be a way around them.
    """
    token = token_of(request)
    if token is None:
        return
    of_tickets = Scope.READ_TICKETS if user.is_staff else Scope.READ_FEEDBACK
    needed = {Scope.READ_SUMMARIES if one == HookEvent.SUMMARY_PUBLISHED else of_tickets for one in events}
    for scope in sorted(needed - set(token.scopes)):
        raise PermissionDenied(
            _("This token lacks the scope “%(scope)s”.") % {"scope": scope}, "scope_missing"
        )


@documented(get=documentation.LIST, post=documentation.SET_UP)
class Hooks(APIView):
    policies = {"GET": OWN, "POST": OWN}

    def get(self, request: Request) -> Response:
        """List your webhooks, newest first."""
        page = newest_first(Hook.objects.visible_to(login_of(request)), request)
        return Response({"results": HookOut(page.rows, many=True).data, "next": page.next}, headers=NOT_KEPT)

    def post(self, request: Request) -> Response:
        """Create a webhook.

        Only this response contains its secret.
        """
        owner, given = login_of(request), read(HookIn, request.data)
        check_scopes(request, owner, given["events"])
        hook, secret = set_up(owner, **given, at=timezone.now())
        hook.secret = secret  # type: ignore[attr-defined]
        return Response(HookWithSecretOut(hook).data, status=201, headers=NOT_KEPT)


@documented(get=documentation.READ, patch=documentation.CHANGE, delete=documentation.REMOVE)
class OneHook(APIView):
    policies = {"GET": OWN, "PATCH": OWN, "DELETE": OWN}

    def get(self, request: Request, *, webhook_id: UUID) -> Response:
        """Get a webhook and its current failures."""
        return Response(HookOut(own_hook(request, webhook_id)).data, headers=NOT_KEPT)

    def patch(self, request: Request, *, webhook_id: UUID) -> Response:
        """Change a webhook.

        Enabling it resets its failures.
        """
        hook, given = own_hook(request, webhook_id), read(HookChangeIn, request.data)
        check_scopes(request, hook.owner, given.get("events", hook.events))
        return Response(HookOut(change(hook, changes=given)).data, headers=NOT_KEPT)

    def delete(self, request: Request, *, webhook_id: UUID) -> Response:
        """Delete a webhook.

        Nothing is sent there any more.
        """
        remove(own_hook(request, webhook_id), at=timezone.now())
        return Response(status=204)


@documented(post=documentation.CHANGE_SECRET)
class HookSecret(APIView):
    policies = {"POST": OWN}

    def post(self, request: Request, *, webhook_id: UUID) -> Response:
        """Replace the secret of a webhook.

        For a day, deliveries carry signatures made with both secrets.
        """
        hook, secret = change_secret(own_hook(request, webhook_id), at=timezone.now())
        shown = SecretOut({"secret": secret, "old_secret_until": hook.old_secret_until})
        return Response(shown.data, headers=NOT_KEPT)


@documented(post=documentation.TEST)
class HookTests(APIView):
    policies = {"POST": OWN}

    def post(self, request: Request, *, webhook_id: UUID) -> Response:
        """Send a test event.

        It is tried once; the list of deliveries shows the result.
        """
        delivery = send_test(own_hook(request, webhook_id), at=timezone.now())
        return Response(HookDeliveryOut(delivery).data, status=202, headers=NOT_KEPT)


@documented(get=documentation.DELIVERIES)
class HookDeliveries(APIView):
    policies = {"GET": OWN}

    def get(self, request: Request, *, webhook_id: UUID) -> Response:
        """List the deliveries of a webhook and their attempts, newest first.

        Optionally filtered by state and period.
        """
        query = request.query_params
        rows = HookDelivery.objects.filter(hook=own_hook(request, webhook_id)).prefetch_related(
            Prefetch("tries", HookTry.objects.order_by("pk"))
        )
        if state := query.get("state"):
            if state not in HookDeliveryState.values:
                known = ", ".join(HookDeliveryState.values)
                raise ValidationError({"state": [_("Known are: %(known)s.") % {"known": known}]}, "unknown")
            rows = rows.filter(state=state)
        if since := query.get("since"):
            rows = rows.filter(happened_at__gte=moment(since, field="since"))
        if until := query.get("until"):
            rows = rows.filter(happened_at__lt=moment(until, field="until"))
        page = newest_first(rows, request)
        return Response(
            {"results": HookDeliveryOut(page.rows, many=True).data, "next": page.next}, headers=NOT_KEPT
        )


@documented(post=documentation.REPLAY)
class HookReplays(APIView):
    policies = {"POST": OWN}

    def post(self, request: Request, *, webhook_id: UUID) -> Response:
        """Send deliveries again: one, or those of a period that failed or were not sent.

        They keep their ids.
        """
        hook, given = own_hook(request, webhook_id), read(ReplayIn, request.data)
        if "delivery" not in given:
            return Response({"count": send_lost_again(hook, **given, at=timezone.now())}, status=202)
        delivery = hook.deliveries.filter(public_id=given["delivery"]).first()
        if delivery is None:
            raise ValidationError({"delivery": [_("This webhook has no such delivery.")]}, "unknown")
        delivery.hook = hook
        send_again(delivery, at=timezone.now())
        return Response({"count": 1}, status=202)
