"""Admin of channels; each kind of channel checks its own settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from config.kit.admin import HouseAdmin, select_for
from config.kit.languages import LANGUAGE_NAMES
from feedback.channels.registry import kind_of
from feedback.intake.models import Channel

MAILBOX = (
    '{"address": "help@example.org", "imap": {"host": "imap.example.org", "user": "help@example.org", '
    '"password": "HELP_PASSWORD"}}'
)

#: The setting chosen in a form field of its own is stored among the other settings under this name.
CONFIRMS = "acknowledge"


class ChannelForm(forms.ModelForm):
    confirms = forms.ChoiceField(
        label=gettext_lazy("Tell senders that it arrived"),
        required=False,
        choices=[
            ("", gettext_lazy("as usual: for mail, not for others")),
            ("yes", gettext_lazy("yes")),
            ("no", gettext_lazy("no")),
        ],
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy(
            "By mail, in their language: the number, by when an answer comes, and their private link. Seldom to "
            "the same address, and never to machines, mailing lists or whoever does not want it."
        ),
    )

    class Meta:
        model = Channel
        fields = ("name", "slug", "kind", "language", "owner", "is_active", "confirms", "config")
        widgets = {"config": UnfoldAdminTextareaWidget}
        help_texts = {
            "config": format_lazy(
                gettext_lazy(
                    "Settings of this kind of channel, as JSON. For a mailbox: {example}. "
                    "The password is the name of the environment variable that holds it."
                ),
                example=MAILBOX,
            )
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["language"] = select_for(
            self.fields["language"],
            LANGUAGE_NAMES.items(),
            noted=self.instance.language,
            nothing=_("not known"),
        )
        config = dict(self.instance.config)
        if (confirms := config.pop(CONFIRMS, None)) is not None:
            self.initial.update(confirms="yes" if confirms else "no", config=config)

    def clean(self) -> dict[str, Any]:
        """Reject settings that this kind of channel could not work with, with the kind's own messages."""
        cleaned: dict[str, Any] = super().clean() or {}
        kind = kind_of(Channel(kind=cleaned.get("kind", "")))
        config = cleaned.get("config")
        if cleaned.get("confirms") and isinstance(config, dict):
            config[CONFIRMS] = cleaned["confirms"] == "yes"
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
