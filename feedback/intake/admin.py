"""What arrived and became no message, with why."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from config.kit.admin import HistoryAdmin
from feedback.intake.models import RawMessage


@admin.register(RawMessage)
class RawMessageAdmin(HistoryAdmin):
    """The bytes themselves are not shown: they are a customer's words, and nobody's to browse."""

    list_display = ("external_id", "channel", "media_type", "received_at", "handled_at", "set_aside")
    list_filter = ("channel", "set_aside", "origin")
    list_select_related = ("channel",)
    ordering = ("-id",)
    fields = (
        "external_id",
        "channel",
        "media_type",
        "digest",
        "origin",
        "received_at",
        "handled_at",
        "set_aside",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[RawMessage]:
        return super().get_queryset(request).defer("content")
