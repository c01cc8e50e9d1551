"""Lists of the inbox that somebody keeps under a name."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tickets.workbench.filters import Filters

#: How long the name of a view is at most, in characters.
LONGEST_NAME = 40


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def offered_to(self, user: Any) -> SavedViewQuerySet:
        """Return those of ``user`` and those shared with everybody."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class SavedView(models.Model):
    """A folder with filters, under a name. It says what to look for; what is found each sees by their own rights."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    filters = models.JSONField(_("filters"))
    is_shared = models.BooleanField(_("shared with everybody"), default=False)
    saved_at = models.DateTimeField(_("saved"))

    objects: ClassVar[SavedViewQuerySet] = SavedViewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_view_once_per_name")]
        indexes = [
            # The inbox of everybody else: what is shared.
            models.Index(fields=["name"], name="saved_view_shared", condition=Q(is_shared=True)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def list_shown(self) -> Filters:
        """The folder and filters; a code that exists no more narrows nothing."""
        return Filters.read(self.filters)
