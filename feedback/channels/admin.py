"""The ways in and out, checked by the kind of channel they are."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from unfold.widgets import UnfoldAdminTextareaWidget

from config.kit.admin import HouseAdmin
from feedback.channels.registry import kind_of
from feedback.intake.models import Channel


class ChannelForm(forms.ModelForm):
    class Meta:
        model = Channel
        fields = ("name", "slug", "kind", "language", "owner", "is_active", "config")
        widgets = {"config": UnfoldAdminTextareaWidget}

    def clean(self) -> dict[str, Any]:
        """Refuse settings with which this kind of channel could not work, in its own words."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind = kind_of(Channel(kind=cleaned.get("kind", "")))
        config = cleaned.get("config")
        if kind is not None and config:
            for problem in kind.check_config(config):
                self.add_error("config", problem)
        return cleaned


@admin.register(Channel)
class ChannelAdmin(HouseAdmin):
    changed_by = "is_administrator"
    form = ChannelForm
    list_display = ("__str__", "slug", "kind", "language", "owner", "is_active")
    list_filter = ("kind", "is_active")
    list_select_related = ("owner",)
    ordering = ("name",)
    autocomplete_fields = ("owner",)
