"""The forms of the public pages. They work without a script."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from config.kit.text import clean_text
from feedback.intake.bounds import MOST_TEXT
from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Topic
from feedback.intake.ratings import MOST_COMMENT
from feedback.intake.services import FileTooLarge, TooManyFiles, check_files


class Text(forms.CharField):
    """Text as people write it, cleaned of what nobody can read or store before it is looked at."""

    def to_python(self, value: Any) -> str:
        return super().to_python(clean_text(value) if isinstance(value, str) else value) or ""


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files, each within bounds; ``clean`` returns a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(Files, self).clean(each, initial) for each in data or []]
        try:
            check_files([file.size or 0 for file in files])
        except (TooManyFiles, FileTooLarge) as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return files


class MessageForm(forms.Form):
    """A message in a conversation; ``key`` makes sending it twice harmless."""

    text = Text(
        label=_("Your message"),
        required=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    attachments = Files(
        label=_("Pictures or files"),
        required=False,
        allow_empty_file=True,
        help_text=_("Up to 10 files of 10 MB each."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["key"].initial = uuid.uuid4
        for name, field in self.fields.items():
            field.widget.attrs["aria-describedby"] = f"about-{name}"
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_empty = not values.get("text") and not values.get("attachments")
        if is_empty and not values.get("known") and not self.errors:
            self.add_error("text", forms.ValidationError(_("Write what happened: the text is empty.")))
        return values

    def files_given(self) -> tuple[IncomingFile, ...]:
        """Return the files; call after ``is_valid``."""
        return tuple(
            IncomingFile(file.name or "", file.read(), file.content_type or "")
            for file in self.cleaned_data.get("attachments") or ()
        )


class FeedbackForm(MessageForm):
    """A new feedback."""

    topic = forms.ChoiceField(
        label=_("What is it about?"), required=False, choices=[("", _("Choose, if you like")), *Topic.choices]
    )
    name = forms.CharField(label=_("Your name"), required=False, max_length=200)
    email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        max_length=254,
        help_text=_(
            "The answer is sent there too. Without it, your private link is the only way to read it."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    app_version = forms.CharField(label=_("App version"), required=False, max_length=40)
    device = forms.CharField(label=_("Device"), required=False, max_length=100)
    #: The known problem whose "me too" was pressed.
    known = forms.UUIDField(widget=forms.HiddenInput, required=False)
    #: Set once the sender was shown what is known: nobody is asked twice.
    asked = forms.BooleanField(widget=forms.HiddenInput, required=False)

    field_order = ["text", "topic", "attachments", "email", "name", "app_version", "device", "key"]


class LostLinkForm(forms.Form):
    """Where the links are sent to."""

    email = forms.EmailField(
        label=_("Your e-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class RatingForm(forms.Form):
    """How content somebody is with what we did."""

    score = forms.TypedChoiceField(
        label=_("How did we do?"),
        coerce=int,
        choices=[(5, _("Very good")), (4, _("Good")), (3, _("So-so")), (2, _("Bad")), (1, _("Very bad"))],
        widget=forms.RadioSelect,
    )
    comment = Text(
        label=_("Anything to add?"),
        required=False,
        max_length=MOST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
