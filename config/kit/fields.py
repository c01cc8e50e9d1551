"""Serializer fields for text that people type, and a serializer that rejects unknown names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail
from rest_framework.fields import SkipField, get_error_detail
from rest_framework.settings import api_settings
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from config.kit.text import clean_line, clean_text


def read(kind: type[serializers.Serializer[Any]], content: Any) -> Any:
    """Return ``content`` validated by serializer ``kind``. Raises ValidationError.

    The same as ``kind(data=content)`` and ``is_valid``, but with one serializer kept for all requests:
    building its fields costs several times as much as running them.
    """
    return _kept(kind).run_validation(content)


@cache
def _kept(kind: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    # Safe to share between threads: validation stores nothing on the serializer except its fields.
    return kind()


#: Validators that search, character by character, for what cleaning has already removed.
_NEEDLESS_ONCE_CLEAN = (ProhibitNullCharactersValidator, ProhibitSurrogateCharactersValidator)


class Cleaned(serializers.CharField):
    """Text from which unreadable and unstorable characters are removed before validation."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = [each for each in self.validators if not isinstance(each, _NEEDLESS_ONCE_CLEAN)]

    def clean(self, text: str) -> str:
        raise NotImplementedError

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(self.clean(data) if isinstance(data, str) else data)


class Text(Cleaned):
    """Text as people write it."""

    def clean(self, text: str) -> str:
        return clean_text(text)


class Line(Cleaned):
    """A name, a subject, a version: one line."""

    def clean(self, text: str) -> str:
        return clean_line(text)


class LanguageTag(serializers.RegexField):
    """A language such as en or zh-Hans."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=10, **options)


class Choice(serializers.ChoiceField):
    """One of several codes; the error message lists them all."""

    def to_internal_value(self, data: Any) -> Any:
        try:
            return super().to_internal_value(data)
        except serializers.ValidationError:
            known = ", ".join(str(code) for code in self.choices)
            raise serializers.ValidationError(
                _("Known are: %(known)s.") % {"known": known}, code="invalid_choice"
            ) from None


class StrictSerializer(serializers.Serializer[Any]):
    """Unknown names are rejected, so that the value of a misspelled one is not silently lost."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            message = _("Send an object with names. Known are: %(known)s.") % {"known": self._known}
            raise serializers.ValidationError(
                {api_settings.NON_FIELD_ERRORS_KEY: [message]}, code="not_an_object"
            )
        unknown = self._unknown_names(data)
        try:
            # A form spells the names of its values differently from JSON.
            values = self._values_of(data) if type(data) is dict else super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError(unknown | error.detail) from None  # type: ignore[operator]
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def _unknown_names(self, data: Mapping[Any, Any]) -> dict[str, Any]:
        """Return an error for each unknown name, at most ten."""
        names = (str(name) for name in data)
        unknown = sorted(name for name in names if name.split(".")[0].split("[")[0] not in self._known_names)
        return {name[:60]: [ErrorDetail(self._instead_of(name), "unknown_name")] for name in unknown[:10]}

    def _instead_of(self, name: str) -> str:
        """Return a message that says where ``name`` belongs, or else lists the known names."""
        for outer, field in self._known_names.items():
            if isinstance(field, serializers.Serializer) and name in field.fields:
                return _("It belongs inside “%(outer)s”.") % {"outer": outer}
        return _("There is no such name here. Known are: %(known)s.") % {"known": self._known}

    def _values_of(self, data: dict[str, Any]) -> dict[str, Any]:
        """Do what REST framework does, but skip absent optional fields, usually nine out of ten."""
        values: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        for name, field in self._known_names.items():
            may_be_absent = not field.required and field.default is serializers.empty
            if may_be_absent and name not in data:
                continue
            check = getattr(self, f"validate_{name}", None)
            try:
                value = field.run_validation(field.get_value(data))
                self.set_value(values, field.source_attrs, value if check is None else check(value))
            except serializers.ValidationError as error:
                errors[name] = error.detail
            except DjangoValidationError as error:
                errors[name] = get_error_detail(error)
            except SkipField:
                pass
        if errors:
            raise serializers.ValidationError(errors)
        return values

    def run_validators(self, value: Any) -> None:
        # REST framework first collects the defaults of read-only fields, needless work without validators.
        if self.validators:
            super().run_validators(value)

    @property
    def _known(self) -> str:
        return ", ".join(sorted(self._known_names))

    @cached_property
    def _known_names(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {name: field for name, field in self.fields.items() if not field.read_only}
