"""Saved views of the inbox, and macros."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kit.naming import name_for_page
from tickets.desk.models import Status
from tickets.queues.models import Priority, Queue
from tickets.replies.models import CannedReply
from tickets.workbench.filters import Filters

#: Maximum length of a view's name, in characters.
LONGEST_NAME = 40


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def offered_to(self, user: Any) -> SavedViewQuerySet:
        """Views of ``user`` and those shared with everybody."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class SavedView(models.Model):
    """A folder with filters under a name. It stores what to look for; each user finds only what they may read."""

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
            # The shared views in everybody else's inbox.
            models.Index(fields=["name"], name="saved_view_shared", condition=Q(is_shared=True)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def list_shown(self) -> Filters:
        """The folder and filters; codes that no longer exist are ignored."""
        return Filters.read(self.filters)


#: The statuses in which a macro, like an answer, can leave a ticket.
AFTERWARDS = (Status.OPEN, Status.WAITING_ON_CUSTOMER, Status.ON_HOLD, Status.SOLVED)


class Giving(models.TextChoices):
    """Whom a macro assigns a ticket to, unless it names an assignee."""

    ME = "me", _("whoever applies it")
    NOBODY = "nobody", _("nobody")


class Macro(models.Model):
    """Several steps applied at once under one name. Empty fields leave the ticket unchanged."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"), default=50, help_text=_("The first nine have a key: m and then the number.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    canned_reply = models.ForeignKey(
        CannedReply,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("canned reply"),
        help_text=_("Becomes the draft of the answer: an agent reads it and sends it."),
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, null=True, blank=True
    )
    tags = ArrayField(
        models.CharField(max_length=50),
        verbose_name=_("tags"),
        default=list,
        blank=True,
        help_text=_("Added; several with commas between them."),
    )
    queue = models.ForeignKey(
        Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("queue")
    )
    give_to = models.CharField(_("give to"), max_length=6, choices=Giving.choices, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("or give to"),
    )
    status = models.CharField(
        _("status"),
        max_length=20,
        choices=[(status.value, status.label) for status in AFTERWARDS],
        blank=True,
        help_text=_("With a canned reply: what the ticket becomes once the answer is sent."),
    )
    aside_for = models.DurationField(
        _("put aside for"), null=True, blank=True, help_text=_("Such as 3 h or 2 d.")
    )

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        constraints = [
            models.CheckConstraint(
                condition=Q(give_to="") | Q(assignee=None),
                name="macro_gives_to_one",
                violation_error_message=_("Give it to somebody named, or choose who; not both."),
            ),
            models.CheckConstraint(
                condition=Q(aside_for=None) | Q(status="", canned_reply=None),
                name="macro_ends_one_way",
                violation_error_message=_(
                    "What is put aside gets no status and no answer by the same macro."
                ),
            ),
        ]

    def __str__(self) -> str:
        return name_for_page(self.name, self.name_zh)
