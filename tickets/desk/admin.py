"""Admin of tags and desk settings. Tickets are handled in the workbench, not here."""

from __future__ import annotations

from django.contrib import admin

from config.kit.admin import HouseAdmin
from tickets.desk.models import DeskSettings, Tag


@admin.register(Tag)
class TagAdmin(HouseAdmin):
    seen_by = "is_agent"
    changed_by = "is_lead"
    list_display = ("name",)
    search_fields = ("name",)
    ordering = ("name",)


@admin.register(DeskSettings)
class DeskSettingsAdmin(HouseAdmin):
    changed_by = "is_administrator"
    is_addable = False
    list_display = ("__str__", "undo_seconds", "remind_after_days", "solve_after_days")
    ordering = ("pk",)
    fields = ("undo_seconds", "remind_after_days", "solve_after_days")
