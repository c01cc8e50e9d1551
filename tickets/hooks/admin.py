"""Admin of webhooks and their log: what was sent, what came back, and sending again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action

from config.kit.admin import HistoryAdmin, HouseAdmin, HouseInline
from config.kit.errors import Refused
from tickets.hooks.models import Hook, HookDelivery, HookEvent, HookTry
from tickets.hooks.payloads import body_of
from tickets.hooks.services import (
    MOST_AGAIN,
    change,
    change_secret,
    check_events,
    send_again,
    send_lost_again,
    send_test,
    set_up,
)
from users.accounts.models import Role, User

CHANGEABLE = ("url", "events", "description", "is_enabled", "with_text", "with_imports")


class HookForm(forms.ModelForm):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        events: Any = self.fields["events"]
        # With the codes used in the documentation and in bodies; tests are sent by hand.
        events.choices = [
            (one.value, f"{one.label} ({one.value})") for one in HookEvent if one != HookEvent.TEST
        ]
        if "owner" in self.fields:
            owners: Any = self.fields["owner"]
            owners.queryset = (
                User.objects.filter(is_active=True).exclude(role=Role.CUSTOMER).order_by("username")
            )

    def clean(self) -> dict[str, Any]:
        """Reject events that the login may never see."""
        cleaned: dict[str, Any] = super().clean() or {}
        owner = cleaned.get("owner") or getattr(self.instance, "owner", None)
        if owner is not None and cleaned.get("events"):
            try:
                check_events(owner, cleaned["events"])
            except Refused as refused:
                self.add_error("events", str(refused))
        return cleaned


@admin.register(Hook)
class HookAdmin(HouseAdmin):
    """Lists the host of each webhook, not the path: it may contain a token."""

    changed_by = "is_administrator"
    form = HookForm
    list_display = ("__str__", "host", "owner", "is_enabled", "off_reason", "failures", "failing_since")
    list_filter = ("is_enabled", "off_reason")
    list_select_related = ("owner",)
    ordering = ("-id",)
    actions = ("test", "send_lost", "rotate")
    fieldsets = (
        (None, {"fields": (("owner", "description"), "url", "is_enabled", "with_text", "with_imports")}),
        (None, {"fields": ("events",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hook]:
        return super().get_queryset(request).filter(removed_at=None)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        # Another login sees other things, so it needs a webhook of its own.
        return () if obj is None else ("owner",)

    @admin.display(description=gettext_lazy("leads to"))
    def host(self, hook: Hook) -> str:
        return hook.host

    def save_model(self, request: HttpRequest, obj: Hook, form: forms.Form, change: bool) -> None:
        given = form.cleaned_data
        values = {name: given[name] for name in CHANGEABLE}
        if change:
            change_hook(obj, changes={name: values[name] for name in form.changed_data if name in values})
            return
        hook, secret = set_up(given["owner"], **values, at=timezone.now())
        obj.pk = hook.pk
        show_secret(request, secret)

    @action(description=gettext_lazy("Send a test event"))
    def test(self, request: HttpRequest, hooks: QuerySet[Hook]) -> None:
        done = self._each(request, hooks, lambda hook: send_test(hook, at=timezone.now()))
        if done:
            messages.success(request, _("A test event is on its way: see the log."))

    @action(description=gettext_lazy("Send again what failed in the last 30 days"))
    def send_lost(self, request: HttpRequest, hooks: QuerySet[Hook]) -> None:
        counts = self._each(request, hooks, lambda hook: send_lost_again(hook, at=timezone.now()))
        tell_count(request, sum(counts))

    @action(description=gettext_lazy("Change the secret; the old one is good for a day"))
    def rotate(self, request: HttpRequest, hooks: QuerySet[Hook]) -> None:
        for _hook, secret in self._each(request, hooks, lambda hook: change_secret(hook, at=timezone.now())):
            show_secret(request, secret)

    @staticmethod
    def _each(request: HttpRequest, hooks: QuerySet[Hook], do: Callable[[Hook], Any]) -> list[Any]:
        done = []
        for hook in hooks.select_related("owner"):
            try:
                done.append(do(hook))
            except Refused as refused:
                messages.error(request, f"{hook}: {refused}")
        return done


#: The service; an argument of ``save_model`` has the same name.
change_hook = change


def show_secret(request: HttpRequest, secret: str) -> None:
    messages.warning(
        request, _("Copy the signing secret now, it is shown this once: %(secret)s") % {"secret": secret}
    )


def tell_count(request: HttpRequest, count: int) -> None:
    told = ngettext("%(count)s delivery is sent again.", "%(count)s deliveries are sent again.", count)
    if count:
        messages.success(request, told % {"count": count})
    else:
        messages.warning(request, _("There is nothing to send again."))


class HookTryInline(HouseInline):
    model = HookTry
    is_addable = False
    fields = readonly_fields = (
        "due_at", "sending_at", "state", "was_resent", "status", "duration_ms", "error", "response",
    )  # fmt: skip
    ordering = ("-id",)


@admin.register(HookDelivery)
class HookDeliveryAdmin(HistoryAdmin):
    """The log of webhooks, without tickets that the reader may not open: an answer may quote them."""

    list_display = ("happened_at", "type", "hook", "state", "failures", "answer", "milliseconds")
    list_filter = ("state", "happened_at", "hook", "type")
    list_select_related = ("hook",)
    ordering = ("-id",)
    fields = (("hook", "type"), ("state", "failures"), ("happened_at", "ended_at"), "public_id", "body")
    readonly_fields = ("public_id", "body")
    inlines = (HookTryInline,)
    actions = ("again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[HookDelivery]:
        user: Any = request.user
        newest = HookTry.objects.filter(delivery=OuterRef("pk")).exclude(sending_at=None).order_by("-pk")
        shown: QuerySet[HookDelivery] = super().get_queryset(request)
        return (
            shown.filter(pk__in=HookDelivery.objects.visible_to(user).values("pk"))
            .select_related("hook__owner", "event__ticket", "event__actor", "rating", "summary")
            .annotate(
                last_status=Subquery(newest.values("status")[:1]),
                last_duration=Subquery(newest.values("duration_ms")[:1]),
            )
        )

    @admin.display(description=gettext_lazy("HTTP status"))
    def answer(self, delivery: Any) -> int | None:
        status: int | None = delivery.last_status
        return status

    @admin.display(description=gettext_lazy("milliseconds"))
    def milliseconds(self, delivery: Any) -> int | None:
        duration: int | None = delivery.last_duration
        return duration

    @admin.display(description=gettext_lazy("what is sent"))
    def body(self, delivery: HookDelivery) -> SafeString | str:
        """Return the body as it would be sent now."""
        body = body_of(delivery)
        if body is None:
            return _("Nothing: the owner of the webhook may not see it.")
        return format_html("<code>{}</code>", body.decode())

    @action(description=gettext_lazy("Send again"))
    def again(self, request: HttpRequest, deliveries: QuerySet[HookDelivery]) -> None:
        sent = 0
        for delivery in deliveries.order_by("happened_at", "pk")[:MOST_AGAIN]:
            try:
                send_again(delivery, at=timezone.now())
                sent += 1
            except Refused as refused:
                messages.error(request, f"{delivery.hook}, {delivery.get_type_display()}: {refused}")
                break
        tell_count(request, sent)
