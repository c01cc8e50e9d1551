"""Admin of on-call shifts and notification roads, and the history of places, pages and audit findings."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.kit.admin import HistoryAdmin, HouseAdmin, HouseInline
from config.kit.signatures import secret_of
from tickets.crisis.models import (
    AuditFinding,
    NotificationRoad,
    OnCallShift,
    Page,
    PageDelivery,
    RoadKind,
)
from tickets.desk.models import CrisisPlace
from tickets.queues.wording import spoken_steps, team_names


@admin.register(OnCallShift)
class OnCallShiftAdmin(HouseAdmin):
    changed_by = "is_administrator"
    seen_by = "is_agent"
    list_display = ("user", "level", "starts_at", "ends_at")
    list_select_related = ("user",)
    list_filter = ("level",)
    ordering = ("-ends_at", "-id")
    fieldsets = (
        (
            None,
            {
                "fields": (("user", "level"), "starts_at", "ends_at"),
                "description": format_lazy(
                    _("Times are on the clock of {zone}."), zone=settings.SUMMARY_TIME_ZONE
                ),
            },
        ),
    )


@admin.register(NotificationRoad)
class NotificationRoadAdmin(HouseAdmin):
    """Notification roads. The list shows no address, because a webhook's may contain a token."""

    changed_by = "is_administrator"
    list_display = ("user", "team", "kind", "position", "is_active")
    list_select_related = ("user", "team")
    list_filter = ("kind", "is_active")
    ordering = ("user", "team", "position", "id")
    fields = (("user", "team"), ("kind", "target"), ("position", "is_active"), "signing_secret")
    readonly_fields = ("signing_secret",)

    @admin.display(description=_("signing secret"))
    def signing_secret(self, road: NotificationRoad) -> str:
        """Return the secret for verifying our signatures; it is derived, so it can be shown again."""
        if road.pk is None or road.kind != RoadKind.WEBHOOK:
            return "-"
        return secret_of(road.public_id)


@admin.register(CrisisPlace)
class CrisisPlaceAdmin(HistoryAdmin):
    """Every ticket that was urgent, and how long it waited. Agents handle them in the crisis queue."""

    list_display = (
        "ticket",
        "category",
        "lane",
        "entered_at",
        "ack_due_at",
        "acknowledged_at",
        "closed_at",
        "step",
    )
    list_select_related = ("ticket",)
    fields = (
        ("ticket", "category"),
        ("lane", "may_page"),
        ("entered_at", "ack_due_at"),
        "policy_in_words",
        ("step", "next_step_at"),
        ("acknowledged_at", "acknowledged_by"),
        ("closed_at", "false_alarm_reason"),
    )
    readonly_fields = ("policy_in_words",)
    list_filter = ("category", "lane", ("acknowledged_at", admin.EmptyFieldListFilter))
    ordering = ("-id",)

    @admin.display(description=_("escalation policy"))
    def policy_in_words(self, place: CrisisPlace) -> str:
        return spoken_steps(place.policy.get("steps"), team_names())


class PageDeliveryInline(HouseInline):
    model = PageDelivery
    is_addable = False
    fields = ("user", "team", "step", "state", "road_kind", "created_at", "sent_at", "tries", "last_error")
    readonly_fields = fields


@admin.register(Page)
class PageAdmin(HistoryAdmin):
    list_display = ("opened_at", "about", "category", "lane", "closed_at")
    list_filter = ("about", "category", "lane")
    ordering = ("-id",)
    fields = (("about", "origin"), ("category", "lane"), ("opened_at", "closed_at"))
    inlines = (PageDeliveryInline,)


@admin.register(AuditFinding)
class AuditFindingAdmin(HistoryAdmin):
    list_display = ("code", "key", "count", "opened_at", "seen_at", "closed_at")
    list_filter = ("code", ("closed_at", admin.EmptyFieldListFilter))
    ordering = ("-id",)
