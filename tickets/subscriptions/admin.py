"""Admin of summary subscriptions and the mails sent."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from config.kit.admin import HouseAdmin, HouseInline
from tickets.subscriptions.models import Subscription, SummaryMail


class SummaryMailInline(HouseInline):
    model = SummaryMail
    is_addable = False
    fields = readonly_fields = ("summary", "state", "created_at", "sent_at", "tries", "last_error")
    ordering = ("-id",)


@admin.register(Subscription)
class SubscriptionAdmin(HouseAdmin):
    """People subscribe themselves; an administrator can stop or resume it for them."""

    changed_by = "is_administrator"
    is_addable = False
    list_display = ("user", "kind", "language", "is_active", "changed_at")
    list_filter = ("kind", "is_active")
    list_select_related = ("user",)
    ordering = ("user__username", "kind")
    fields = (("user", "kind"), ("language", "is_active"), "changed_at")
    readonly_fields = ("user", "kind", "language", "changed_at")
    inlines = (SummaryMailInline,)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.changed_at = timezone.now()
        super().save_model(request, obj, form, change)
