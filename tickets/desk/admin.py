"""Tags. Tickets themselves are worked on at the desk."""

from __future__ import annotations

from django.contrib import admin

from config.kit.admin import HouseAdmin
from tickets.desk.models import Tag


@admin.register(Tag)
class TagAdmin(HouseAdmin):
    seen_by = "is_agent"
    changed_by = "is_lead"
    list_display = ("name",)
    search_fields = ("name",)
    ordering = ("name",)
