"""Lasting clusters of messages about one thing, and which message belongs to which."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from config.kit.languages import base_of
from feedback.analysis.models import DIMENSIONS
from feedback.intake.models import Message
from feedback.themes.labels import reader_label


class ThemeQuerySet(models.QuerySet["Theme"]):
    def current(self) -> ThemeQuerySet:
        """Return the themes that are not merged into another."""
        return self.filter(merged_into=None)

    def shown(self) -> ThemeQuerySet:
        """Return the current themes that are not hidden."""
        return self.current().filter(is_hidden=False)


class Named:
    """The labels of a theme and the names people gave it, shared by the theme and its copy in a summary."""

    labels: Any
    glosses: Any
    main_language: Any
    name_en: Any
    name_zh: Any

    def name_for(self, language: str) -> str:
        """Return the name for a reader of ``language``: the one given by people, else the label."""
        return theme_name(
            self.labels,
            language,
            glosses=self.glosses,
            main_language=self.main_language,
            name_en=self.name_en,
            name_zh=self.name_zh,
        )


class Theme(Named, models.Model):
    """What a number of messages have in common, with an identity that lasts from month to month.

    Its identity is inherited by majority (``identity.inherit``), its labels follow the messages, and
    people's decisions about it (name, merge, split, pin, hide) outlive the next clustering.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    labels = models.JSONField(default=dict, help_text="What the messages call it: {language: phrases}.")
    # PostgreSQL does not preserve the order of JSON keys.
    main_language = models.CharField(
        max_length=10, blank=True, default="", help_text="Of the labels the one that most messages speak."
    )
    glosses = models.JSONField(
        default=dict, help_text="What the label means, {language: phrase}, for readers without one."
    )
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120, blank=True)
    is_pinned = models.BooleanField(
        _("pinned"), default=False, help_text=_("Kept apart and always shown, however small.")
    )
    is_hidden = models.BooleanField(_("hidden"), default=False, help_text=_("Counted, but not shown."))
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", editable=False
    )
    split_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    centre = HalfVectorField(dimensions=DIMENSIONS, help_text="Unit mean of its messages' vectors.")
    reach = models.FloatField(
        help_text="The least cosine with the centre that a new message must have to belong here."
    )
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))

    objects: ClassVar[ThemeQuerySet] = ThemeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("id")), name="theme_not_into_itself"
            ),
            models.CheckConstraint(condition=Q(reach__gte=-1, reach__lte=1), name="theme_reach_is_cosine"),
        ]

    def __str__(self) -> str:
        return self.name_for(translation.get_language() or "en")

    def current(self) -> Theme:
        """Return the theme that this one counts as: the one it was merged into, else itself.

        At most one query, none if ``merged_into`` was selected along. One step is enough: merges never form a chain.
        """
        return self.merged_into or self


def theme_name(
    labels: dict[str, str],
    language: str,
    *,
    glosses: dict[str, str] | None = None,
    main_language: str = "",
    name_en: str = "",
    name_zh: str = "",
) -> str:
    """Return the best name a theme has for a reader of ``language``, "…" when it has none."""
    given = {"zh": name_zh or name_en, "en": name_en or name_zh}
    named = given.get(base_of(language), name_en or name_zh)
    return named or reader_label(labels, language, glosses=glosses, commonest=main_language) or "…"


class PlacedBy(models.TextChoices):
    MODEL = "model", _("Model")
    PERSON = "person", _("Person")


class ThemePlaceQuerySet(models.QuerySet["ThemePlace"]):
    def put(self, messages: Sequence[int], themes: Sequence[int | None], *, at: datetime) -> None:
        """Put each message into its theme (None: no theme); those placed by a person stay. One statement.

        ``bulk_create`` is no option: it cannot leave some of the old rows as they are, and a million places would be a
        million objects.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO feedback_themeplace AS old (message_id, theme_id, by, at)
                SELECT message, theme, %s, %s FROM unnest(%s::bigint[], %s::bigint[]) AS put (message, theme)
                ON CONFLICT (message_id) DO UPDATE SET theme_id = excluded.theme_id, at = excluded.at
                WHERE old.by <> %s
                """,
                [PlacedBy.MODEL, at, [*messages], [*themes], PlacedBy.PERSON],
            )


class ThemePlace(models.Model):
    """The theme that a message belongs to at present; summaries keep their own copy.

    ``theme`` None means examined but similar to none. Clustering never moves a message placed by a person.
    """

    message = models.OneToOneField(
        Message, on_delete=models.PROTECT, primary_key=True, related_name="theme_place"
    )
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="places")
    by = models.CharField(max_length=6, choices=PlacedBy.choices, default=PlacedBy.MODEL)
    at = models.DateTimeField()

    objects: ClassVar[ThemePlaceQuerySet] = ThemePlaceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("place in a theme")
        verbose_name_plural = _("places in themes")
        constraints = [
            models.CheckConstraint(condition=Q(by__in=PlacedBy.values), name="theme_place_by_known"),
        ]
        indexes = [
            # A theme's messages, newest first.
            models.Index(fields=["theme", "-message"], name="theme_place_of_theme"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.theme_id}"


class ThemeEventKind(models.TextChoices):
    FOUND = "found", _("Found")
    SPLIT = "split", _("Split off")
    MERGED = "merged", _("Merged")
    UNMERGED = "unmerged", _("Merge undone")
    RENAMED = "renamed", _("Renamed")
    PINNED = "pinned", _("Pinned")
    UNPINNED = "unpinned", _("Unpinned")
    HIDDEN = "hidden", _("Hidden")
    SHOWN = "shown", _("Shown again")


class ThemeEvent(models.Model):
    """An event in the history of a theme. Append-only."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("event"), max_length=10, choices=ThemeEventKind.choices)
    other = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
        help_text="None: the monthly clustering.",
    )
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("theme event")
        verbose_name_plural = _("theme events")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ThemeEventKind.values), name="theme_event_known"),
        ]
        indexes = [models.Index(fields=["theme", "id"], name="theme_event_of_theme")]

    def __str__(self) -> str:
        return f"{self.kind} {self.theme_id}"


class SplitOutcome(models.TextChoices):
    DIVIDED = "divided", _("Split")
    ONE_THING = "one_thing", _("Its messages all say the same: there is nothing to split.")
    TOO_MANY = "too_many", _("It holds too many messages to be split.")


class ThemeSplit(models.Model):
    """A request to divide a theme, and its outcome."""

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="splits")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=SplitOutcome.choices, blank=True)

    class Meta:
        verbose_name = _("split of a theme")
        verbose_name_plural = _("splits of themes")
        constraints = [
            # Two requests for the same theme are one split while it is open.
            models.UniqueConstraint(
                fields=["theme"], condition=Q(finished_at=None), name="theme_split_one_open"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *SplitOutcome.values]), name="theme_split_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.theme_id} {self.outcome}"
