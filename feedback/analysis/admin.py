"""People's corrections of the analysis, from which the next model learns."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from config.kit.admin import HistoryAdmin
from feedback.analysis.models import Correction


@admin.register(Correction)
class CorrectionAdmin(HistoryAdmin):
    seen_by = "is_lead"
    list_display = ("field", "was", "became", "reason", "actor", "at")
    list_filter = ("field",)
    list_select_related = ("actor",)
    ordering = ("-id",)
    fields = ("field", "was", "became", "reason", "actor", "at")
    readonly_fields = ("was", "became")

    @admin.display(description=gettext_lazy("was"))
    def was(self, correction: Correction) -> str:
        return correction.spoken(correction.old)

    @admin.display(description=gettext_lazy("is"))
    def became(self, correction: Correction) -> str:
        return correction.spoken(correction.new)
