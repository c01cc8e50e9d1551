"""Admin of fixes and how many people were notified; the work is done on the page of the fix."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from config.kit.admin import HistoryAdmin, HouseInline
from config.kit.naming import page_language
from tickets.fixes.models import Fix, FixWording, ReporterState


class FixWordingInline(HouseInline):
    """Wordings, read-only here: they are written on the page of the fix, which checks the variables."""

    model = FixWording
    seen_by = "is_lead"
    is_addable = False
    fields = readonly_fields = ("language", "text")


@admin.register(Fix)
class FixAdmin(HistoryAdmin):
    seen_by = "is_lead"
    list_display = ("what", "version", "state", "told", "prepared_at", "prepared_by", "started_at", "page")
    list_filter = ("state", ("problem", admin.EmptyFieldListFilter))
    list_select_related = ("theme", "problem", "prepared_by")
    ordering = ("-id",)
    fields = (
        "what",
        "version",
        "state",
        ("prepared_at", "prepared_by"),
        ("started_at", "started_by"),
        "page",
    )
    readonly_fields = ("what", "page")
    inlines = (FixWordingInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        told = Count("reporters", filter=Q(reporters__state=ReporterState.TOLD))
        return super().get_queryset(request).prefetch_related("problem__texts").annotate(told=told)

    @admin.display(description=_("what"))
    def what(self, fix: Fix) -> str:
        return fix.name_for(page_language())

    @admin.display(description=_("people told"))
    def told(self, fix: Any) -> int:
        return int(fix.told)

    @admin.display(description=_("page"))
    def page(self, fix: Fix) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("summaries:fix", args=[fix.public_id]), _("look at it")
        )
