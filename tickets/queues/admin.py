"""Admin of queues, the teams that work them, and how long tickets may wait in them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.kit.admin import HouseAdmin, HouseInline
from config.kit.durations import spoken
from tickets.queues.forms import BusinessCalendarForm, EscalationPolicyForm
from tickets.queues.models import BusinessCalendar, EscalationPolicy, Queue, QueueAccess, SlaPolicy
from tickets.queues.wording import spoken_hours, spoken_steps, team_names


class QueueAccessInline(HouseInline):
    model = QueueAccess
    changed_by = "is_administrator"
    autocomplete_fields = ("team",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow deletion to those who may grant access: a row is a setting, not history."""
        return self.has_change_permission(request, obj)


@admin.register(Queue)
class QueueAdmin(HouseAdmin):
    changed_by = "is_administrator"
    list_display = ("__str__", "slug", "is_crisis", "position")
    ordering = ("position", "name")
    fields = (("name", "name_zh"), ("slug", "position"))
    prepopulated_fields = {"slug": ("name",)}
    inlines = (QueueAccessInline,)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        # Events and links refer to the slug of an existing queue.
        return {} if obj else dict(self.prepopulated_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()


@admin.register(BusinessCalendar)
class BusinessCalendarAdmin(HouseAdmin):
    changed_by = "is_administrator"
    form = BusinessCalendarForm
    list_display = ("name", "week", "time_zone", "closed_days")
    ordering = ("name",)
    fields = (("name", "time_zone"), "hours", "holidays")

    @admin.display(description=_("hours"))
    def week(self, calendar: BusinessCalendar) -> str:
        return spoken_hours(calendar.hours)

    @admin.display(description=_("holidays"))
    def closed_days(self, calendar: BusinessCalendar) -> int:
        return len(calendar.holidays)


@admin.register(SlaPolicy)
class SlaPolicyAdmin(HouseAdmin):
    changed_by = "is_administrator"
    list_display = ("priority", "first_reply", "solution", "calendar")
    list_select_related = ("calendar",)
    ordering = ("priority",)

    @admin.display(description=_("first reply within"))
    def first_reply(self, policy: SlaPolicy) -> str:
        return spoken(policy.first_reply_within)

    @admin.display(description=_("solved within"))
    def solution(self, policy: SlaPolicy) -> str:
        return spoken(policy.solve_within)


@admin.register(EscalationPolicy)
class EscalationPolicyAdmin(HouseAdmin):
    changed_by = "is_administrator"
    form = EscalationPolicyForm
    list_display = ("about", "within", "chain", "again")
    ordering = ("category",)
    fields = (("category", "acknowledge_within"), "steps", "repeat_every")

    @admin.display(description=_("crisis category"))
    def about(self, policy: EscalationPolicy) -> str:
        return str(policy)

    @admin.display(description=_("acknowledge within"))
    def within(self, policy: EscalationPolicy) -> str:
        return spoken(policy.acknowledge_within)

    @admin.display(description=_("steps"))
    def chain(self, policy: EscalationPolicy) -> str:
        return spoken_steps(policy.steps, team_names())

    @admin.display(description=_("repeat the last step every"))
    def again(self, policy: EscalationPolicy) -> str:
        return spoken(policy.repeat_every)
