"""What people said of the analysis: the next model learns from it."""

from __future__ import annotations

from django.contrib import admin

from config.kit.admin import HistoryAdmin
from feedback.analysis.models import Correction


@admin.register(Correction)
class CorrectionAdmin(HistoryAdmin):
    seen_by = "is_lead"
    list_display = ("field", "old", "new", "reason", "actor", "at")
    list_filter = ("field", "new")
    list_select_related = ("actor",)
    ordering = ("-id",)
    fields = ("field", "old", "new", "reason", "actor", "at")
