"""The base classes of every admin, and the kit's own admins: outbox rows and job runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.core.paginator import Paginator
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from config.kit.durations import heard, spoken
from config.kit.languages import LANGUAGE_NAMES, WRITTEN, own_name
from config.kit.models import JobRun
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import revive

#: Lists are counted up to here: nobody pages to the end of a longer one.
MOST_COUNTED = 10_000


class CappedPaginator(Paginator):
    """A paginator that counts at most MOST_COUNTED rows, which bounds the cost of a long list."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST_COUNTED].count())


class ByRole:
    """Permissions by role: ``seen_by`` and ``changed_by`` name a property of the user; empty means nobody.

    Django's permission tables are not consulted: the role alone decides what a login may do.
    """

    seen_by: ClassVar[str] = "is_administrator"
    changed_by: ClassVar[str] = ""
    is_addable: ClassVar[bool] = True

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._is(request, self.seen_by) or self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._is(request, self.changed_by)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.is_addable and self._is(request, self.changed_by)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Return False: rows with history are deactivated, not deleted."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @staticmethod
    def _is(request: HttpRequest, role: str) -> bool:
        return bool(role) and bool(getattr(request.user, role, False))


class LengthField(forms.DurationField):
    """A duration in words: 15 min, 4 h, 1 d 12 h. Django's own notation is accepted, too."""

    widget = UnfoldAdminTextInputWidget
    default_error_messages = {
        "invalid": gettext_lazy("Write a number and its unit, such as 15 min, 4 h or 1 d.")
    }

    def prepare_value(self, value: Any) -> Any:
        return spoken(value) if isinstance(value, timedelta) else value

    def to_python(self, value: Any) -> Any:
        length = heard(value) if isinstance(value, str) else None
        return super().to_python(value) if length is None else length


class WordingForm(forms.ModelForm):
    """One language version of something that is written in several languages."""

    language = forms.ChoiceField(
        label=gettext_lazy("language"),
        choices=[(tag, LANGUAGE_NAMES[tag]) for tag in WRITTEN],
        widget=UnfoldAdminSelectWidget,
    )


def select_for(
    field: Any, choices: Iterable[tuple[str, Any]], *, noted: str, nothing: str
) -> forms.ChoiceField:
    """Return a select in place of the text ``field``: ``nothing``, the stored value ``noted``, then ``choices``.

    A stored value that is not on the list can still be chosen.
    """
    names = {"": nothing, **({noted: own_name(noted)} if noted else {}), **dict(choices)}
    return forms.ChoiceField(
        label=field.label,
        help_text=field.help_text,
        choices=list(names.items()),
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


def languages_shown(wordings: Iterable[Any]) -> str:
    """Return the languages of ``wordings``, comma-separated, each by its own name."""
    return ", ".join(own_name(tag) for tag in sorted(wording.language for wording in wordings))


class SpokenFields:
    """Friendlier form fields: arrays with choices become checkboxes, durations are read and written in words."""

    def formfield_for_dbfield(self, field: Any, request: HttpRequest | None, **options: Any) -> Any:
        if isinstance(field, models.DurationField):
            return field.formfield(form_class=LengthField)
        choices = field.base_field.choices if isinstance(field, ArrayField) else None
        if choices:
            return forms.MultipleChoiceField(
                choices=choices,
                required=not field.blank,
                label=capfirst(field.verbose_name),
                help_text=field.help_text,
                widget=UnfoldAdminCheckboxSelectMultipleWidget,
            )
        return super().formfield_for_dbfield(field, request, **options)  # type: ignore[misc]


class HouseAdmin(SpokenFields, ByRole, ModelAdmin):
    """The base of every admin: permissions by role, no deletion, filters only from ``list_filter``.

    Django allows filtering a list by any field of its model (``?token__startswith=a``), which makes an
    oracle for fields that the list does not show; here only ``list_filter`` and ``lookups`` filter.
    """

    lookups: ClassVar[tuple[str, ...]] = ()
    sortable_by = ()
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    list_fullwidth = True
    warn_unsaved_form = True

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        filters = [entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter]
        named = {name for name in filters if isinstance(name, str)} | set(self.lookups)
        return any(lookup == name or lookup.startswith(f"{name}__") for name in named)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changes = super().get_changelist_instance(request)
        if not (changes.query or changes.has_active_filters):
            # Without a search or a filter the list is complete: offer no link to show the rest.
            changes.full_result_count = changes.result_count
        return changes

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class HistoryAdmin(HouseAdmin):
    """The base for rows that record what happened: read-only."""

    is_addable = False


class HouseInline(SpokenFields, ByRole, TabularInline):
    """The base of every inline: rows edited with the row they belong to."""

    extra = 0
    show_change_link = False
    # The columns suffice.
    hide_title = True


@admin.register(OutboxRow)
class OutboxAdmin(HistoryAdmin):
    """Outbox rows, including the dead ones that wait for an administrator."""

    list_display = ("kind", "subject_id", "lane", "attempts", "created_at", "done_at", "done_by", "dead_at")
    list_filter = (
        "lane",
        "kind",
        ("dead_at", admin.EmptyFieldListFilter),
        ("done_at", admin.EmptyFieldListFilter),
    )
    ordering = ("-id",)
    actions = ("try_again",)

    @action(description=gettext_lazy("Try again what was given up"))
    def try_again(self, request: HttpRequest, rows: QuerySet[OutboxRow]) -> None:
        dead = list(rows.exclude(dead_at=None))
        for row in dead:
            revive(row, at=timezone.now())
        told = ngettext("%(count)s task is tried again.", "%(count)s tasks are tried again.", len(dead))
        if dead:
            messages.success(request, told % {"count": len(dead)})
        else:
            messages.warning(request, _("None of these was given up."))


@admin.register(JobRun)
class JobRunAdmin(HistoryAdmin):
    """Which periodic job ran for which slot."""

    list_display = ("job", "slot", "started_at")
    list_filter = ("job",)
    ordering = ("-id",)
