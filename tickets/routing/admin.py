from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from config.kit.admin import HouseAdmin
from config.kit.languages import LANGUAGE_NAMES
from feedback.intake.models import ChannelKind
from tickets.routing.models import Rule
from tickets.routing.trial import try_rules
from users.profiles.models import Segment


class TrialForm(forms.Form):
    text = forms.CharField(label=_("message"), widget=UnfoldAdminTextareaWidget, max_length=20_000)
    channel_kind = forms.ChoiceField(
        label=_("channel"), choices=ChannelKind.choices, widget=UnfoldAdminSelectWidget
    )
    segment = forms.ChoiceField(
        label=_("customer segment"), choices=Segment.choices, widget=UnfoldAdminSelectWidget
    )


class RuleForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=list(LANGUAGE_NAMES.items()),
        required=False,
        help_text=_("Empty: any."),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    class Meta:
        widgets: ClassVar = {"tags": UnfoldAdminTextInputWidget}
        help_texts: ClassVar = {"tags": _("Separated by commas.")}

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Codes that were not written through this form stay selectable.
        field: Any = self.fields["languages"]
        offered = dict(field.choices)
        field.choices = [
            *offered.items(),
            *((tag, tag) for tag in self.instance.languages if tag not in offered),
        ]


@admin.register(Rule)
class RuleAdmin(HouseAdmin):
    seen_by = "is_lead"
    changed_by = "is_administrator"
    form = RuleForm
    list_display = ["name", "position", "is_active", "queue", "priority", "assigns"]
    list_editable = ["position", "is_active"]
    list_select_related = ["queue"]
    ordering = ["position", "id"]
    actions_list = ["try_them"]
    fieldsets = [
        (None, {"fields": ["name", ("position", "is_active")]}),
        (
            _("When"),
            {
                "fields": [
                    ("channel_kinds", "languages"),
                    ("topics", "segments"),
                    ("lanes", "categories"),
                    ("urgency_from", "sentiment_up_to"),
                ]
            },
        ),
        (_("Then"), {"fields": [("queue", "priority"), ("tags", "assigns")]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        trial = path("try/", self.admin_site.admin_view(self.trial), name="tickets_rule_try")
        return [trial, *super().get_urls()]

    @action(description=_("Try the rules"), url_path="try-them", icon="science")
    def try_them(self, request: HttpRequest) -> HttpResponse:
        return self.trial(request)

    def trial(self, request: HttpRequest) -> HttpResponse:
        """Show what would happen to a text, without storing anything."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TrialForm(request.POST or None, initial={"channel_kind": ChannelKind.REST})
        outcome = None
        if request.method == "POST" and form.is_valid():
            outcome = try_rules(
                form.cleaned_data["text"],
                channel_kind=form.cleaned_data["channel_kind"],
                segment=form.cleaned_data["segment"],
            )
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _("Try the routing rules"),
            "form": form,
            "outcome": outcome,
            "opts": self.model._meta,
        }
        return TemplateResponse(request, "routing/try.html", context)
