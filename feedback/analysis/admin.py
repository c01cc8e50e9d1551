"""What people said of the analysis: the next model learns from it."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy

from config.kit.admin import HistoryAdmin
from feedback.analysis.models import Correction, CrisisCategory, Overruled, UrgencyLane
from feedback.intake.models import Topic

_CODES = {Overruled.LANE: UrgencyLane, Overruled.TOPIC: Topic, Overruled.CATEGORY: CrisisCategory}


@admin.register(Correction)
class CorrectionAdmin(HistoryAdmin):
    seen_by = "is_lead"
    list_display = ("field", "was", "became", "reason", "actor", "at")
    list_filter = ("field",)
    list_select_related = ("actor",)
    ordering = ("-id",)
    fields = ("field", "was", "became", "reason", "actor", "at")

    @admin.display(description=gettext_lazy("was"))
    def was(self, correction: Correction) -> str:
        return _label(correction, correction.old)

    @admin.display(description=gettext_lazy("is"))
    def became(self, correction: Correction) -> str:
        return _label(correction, correction.new)


def _label(correction: Correction, code: str) -> str:
    """Return what readers call ``code``, a value of the corrected field; ``–`` for none."""
    return str(dict(_CODES[Overruled(correction.field)].choices).get(code, code or "–"))
