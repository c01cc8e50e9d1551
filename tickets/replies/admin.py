"""Admin of canned replies, with one wording per language."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline

from config.kit.admin import ByRole, HouseAdmin, WordingForm, languages_shown
from tickets.replies.models import CannedReply, CannedReplyText
from tickets.replies.suggesting import index_canned_reply
from tickets.replies.variables import VARIABLES, unknown_variables


class CannedWordingForm(WordingForm):
    class Meta:
        model = CannedReplyText
        fields = ("language", "text")
        help_texts = {
            "text": format_lazy(
                gettext_lazy("These are replaced: {variables}. Nothing else is."),
                variables=" ".join(f"{{{name}}}" for name in VARIABLES),
            )
        }

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if unknown := unknown_variables(text):
            names = ", ".join(f"{{{name}}}" for name in unknown)
            raise ValidationError(_("Nobody would replace %(names)s.") % {"names": names})
        return text


class WordingInline(ByRole, StackedInline):
    model = CannedReplyText
    form = CannedWordingForm
    seen_by = "is_agent"
    changed_by = "is_lead"
    extra = 0
    min_num = 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow deletion: a wording is not history, since messages keep what was sent."""
        return self.has_change_permission(request, obj)


@admin.register(CannedReply)
class CannedReplyAdmin(HouseAdmin):
    seen_by = "is_agent"
    changed_by = "is_lead"
    list_display = ("__str__", "shortcut", "languages", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "name_zh", "shortcut", "texts__text")
    ordering = ("name",)
    fields = (("name", "name_zh"), ("slug", "shortcut"), "is_active")
    prepopulated_fields = {"slug": ("name",)}
    inlines = (WordingInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CannedReply]:
        return super().get_queryset(request).prefetch_related("texts")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save()
        for wording in (*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)):
            index_canned_reply(wording, at=timezone.now())

    @admin.display(description=gettext_lazy("languages"))
    def languages(self, reply: CannedReply) -> str:
        return languages_shown(reply.texts.all())
