"""On-call shifts, notification roads, pages and their deliveries, and the auditor's findings."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.kit.origins import Origin
from feedback.analysis.models import CrisisCategory, UrgencyLane
from tickets.desk.models import CrisisPlace, TicketEvent


class Level(models.TextChoices):
    PRIMARY = "primary", _("First")
    BACKUP = "backup", _("Backup")


class OnCallShiftQuerySet(models.QuerySet["OnCallShift"]):
    def covering(self, at: datetime) -> OnCallShiftQuerySet:
        """Shifts of active users that cover ``at``."""
        return self.filter(starts_at__lte=at, ends_at__gt=at, user__is_active=True)


class OnCallShift(models.Model):
    """A shift in which a user is paged first, or as backup, from ``starts_at`` until before ``ends_at``."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
        limit_choices_to={"is_active": True, "is_crisis_team": True},
    )
    level = models.CharField(_("level"), max_length=7, choices=Level.choices, default=Level.PRIMARY)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    objects: ClassVar[OnCallShiftQuerySet] = OnCallShiftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("on-call shift")
        verbose_name_plural = _("on-call shifts")
        constraints = [
            models.CheckConstraint(condition=Q(level__in=Level.values), name="shift_level_known"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="shift_ends_after_start",
                violation_error_message=_("A shift ends after it starts."),
            ),
        ]
        # covering(): shifts that have not ended.
        indexes = [models.Index(fields=["ends_at"], name="shift_by_end")]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_at:%Y-%m-%d %H:%M}"

    def clean(self) -> None:
        """Raise ValidationError for a user who could not take the tickets that they would be paged about."""
        if self.user_id and not (self.user.is_agent and self.user.is_crisis_team):
            message = _("%(name)s is not an agent of the crisis team.") % {"name": self.user.name}
            raise ValidationError({"user": message})


class RoadKind(models.TextChoices):
    MAIL = "mail", _("E-mail")
    WEBHOOK = "webhook", _("Webhook")


class NotificationRoad(models.Model):
    """One way to reach a person or a team. Roads are tried in order until one works.

    The e-mail address of a user's account is their last road, without a row here. A webhook's secret is
    derived from ``public_id``: to change it, create a new row and deactivate this one.
    """

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        "users.Team",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    kind = models.CharField(_("kind"), max_length=7, choices=RoadKind.choices, default=RoadKind.MAIL)
    target = models.CharField(
        _("address"),
        max_length=500,
        help_text=_("An e-mail address, or an https:// address that takes JSON."),
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=10, help_text=_("The lowest is tried first.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("notification road")
        verbose_name_plural = _("notification roads")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RoadKind.values), name="road_kind_known"),
            models.CheckConstraint(
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None),
                name="road_of_person_or_team",
                violation_error_message=_("A road belongs to a person or to a team."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.position}"

    def clean(self) -> None:
        """Raise ValidationError for an address that does not fit its kind."""
        is_mail = self.kind == RoadKind.MAIL
        try:
            (validate_email if is_mail else URLValidator(schemes=["https", "http"]))(self.target)
        except ValidationError as error:
            raise ValidationError({"target": error}) from error


class About(models.TextChoices):
    URGENT = "urgent", _("Urgent messages")
    FINDING = "finding", _("Findings of the auditor")
    WARNING = "warning", _("A warning")


class Page(models.Model):
    """One notification: of urgent messages of one kind that came within ten minutes, of findings, or of a warning.

    A kind is category, lane and origin. While a page is open, further messages of its kind join it.
    """

    about = models.CharField(_("about"), max_length=7, choices=About.choices, default=About.URGENT)
    category = models.CharField(
        _("crisis category"), max_length=12, choices=CrisisCategory.choices, blank=True
    )
    lane = models.CharField(_("urgency lane"), max_length=5, choices=UrgencyLane.choices, blank=True)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.LIVE)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(
        _("closed"), null=True, help_text=_("From then on messages of this kind open a new page.")
    )
    places: models.ManyToManyField[CrisisPlace, PagePlace] = models.ManyToManyField(
        CrisisPlace, through="PagePlace", related_name="pages", verbose_name=_("places in the crisis queue")
    )

    class Meta:
        verbose_name = pgettext_lazy("of the crisis team", "page")
        verbose_name_plural = _("pages")
        constraints = [
            # When two sweepers open a page of one kind concurrently, one joins the other's.
            models.UniqueConstraint(
                fields=["category", "lane", "origin"],
                condition=Q(about="urgent", closed_at=None),
                name="page_one_open_per_kind",
            ),
        ]

    def __str__(self) -> str:
        when = date_format(localtime(self.opened_at), "SHORT_DATETIME_FORMAT")
        return " ".join(filter(None, (self.get_about_display(), self.get_category_display(), when)))


class PagePlace(models.Model):
    """An urgent ticket that a page is about."""

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="page_places")
    place = models.ForeignKey(CrisisPlace, on_delete=models.PROTECT, related_name="page_places")
    joined_at = models.DateTimeField()

    class Meta:
        verbose_name = _("urgent message of a page")
        verbose_name_plural = _("urgent messages of a page")
        constraints = [models.UniqueConstraint(fields=["page", "place"], name="page_place_once")]

    def __str__(self) -> str:
        return f"{self.page_id} {self.place_id}"


class PageDeliveryState(models.TextChoices):
    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("No longer needed")


#: The final states of deliveries that reached nobody.
LOST = (PageDeliveryState.FAILED, PageDeliveryState.SKIPPED)


class PageDelivery(models.Model):
    """One page to one person or team: claimed, sent on the first road that works, marked.

    A row found `sending` after a crash is resent under the same ``public_id``: better twice than never.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="deliveries")
    event = models.ForeignKey(
        TicketEvent,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="The escalation it is part of; none for findings.",
    )
    step = models.PositiveSmallIntegerField(_("step"), default=1)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    team = models.ForeignKey(
        "users.Team", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("team")
    )
    road = models.ForeignKey(
        NotificationRoad,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("road"),
        help_text="The one tried last; none: the address of the login.",
    )
    road_kind = models.CharField(_("by"), max_length=7, choices=RoadKind.choices, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=PageDeliveryState.choices, default=PageDeliveryState.PENDING
    )
    created_at = models.DateTimeField(_("created"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sending_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    was_resent = models.BooleanField(_("sent again after a crash"), default=False)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery of a page")
        verbose_name_plural = _("deliveries of pages")
        constraints = [
            models.UniqueConstraint(
                fields=["page", "event", "user", "team"],
                name="page_delivery_once_per_step",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(state__in=PageDeliveryState.values), name="page_delivery_state_known"
            ),
            models.CheckConstraint(
                condition=Q(user=None, team__isnull=False) | Q(user__isnull=False, team=None),
                name="page_delivery_to_person_or_team",
            ),
        ]
        indexes = [
            # Who was notified since the last step.
            models.Index(fields=["created_at"], name="page_delivery_by_age"),
            # The auditor: deliveries that are stuck.
            models.Index(fields=["sending_at"], name="page_delivery_sending", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} {self.state}"


class FindingCode(models.TextChoices):
    """What the auditor looks for; each is wrong in itself, whatever the cause."""

    URGENT_WORK_WAITS = "urgent_work_waits", _("Urgent work is not being done")
    STEP_MISSING = "step_missing", _("An urgent ticket has no next step")
    STEP_OVERDUE = "step_overdue", _("The next step for an urgent ticket is overdue")
    RAW_UNHANDLED = "raw_unhandled", _("What arrived did not become feedback")
    DELIVERY_HANGS = "delivery_hangs", _("Answers hang while being sent")
    PAGE_HANGS = "page_hangs", _("Nobody could be told of something urgent")
    SILENT_PROCESS = "silent_process", _("A process is silent")
    DEAD_LETTERS = "dead_letters", _("Work was given up and waits for a person")
    NOBODY_ON_CALL = "nobody_on_call", _("Nobody is on call")
    NO_MAIL = "no_mail", _("Mail is not set up: pages by mail reach nobody")


class AuditFindingQuerySet(models.QuerySet["AuditFinding"]):
    def open(self) -> AuditFindingQuerySet:
        """Findings that are wrong now."""
        return self.filter(closed_at=None)


class AuditFinding(models.Model):
    """Something the auditor found wrong, from when it was first seen until it was resolved."""

    code = models.CharField(_("finding"), max_length=20, choices=FindingCode.choices)
    key = models.CharField(
        _("about"),
        max_length=100,
        blank=True,
        help_text=_("Which of several: a place, a process, a kind of work."),
    )
    count = models.PositiveIntegerField(_("how many"), default=1)
    opened_at = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"))
    closed_at = models.DateTimeField(_("until"), null=True)
    page = models.ForeignKey(
        Page,
        on_delete=models.PROTECT,
        null=True,
        related_name="findings",
        verbose_name=pgettext_lazy("of the crisis team", "page"),
    )

    objects: ClassVar[AuditFindingQuerySet] = AuditFindingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("finding of the auditor")
        verbose_name_plural = _("findings of the auditor")
        constraints = [
            models.CheckConstraint(condition=Q(code__in=FindingCode.values), name="finding_code_known"),
            models.UniqueConstraint(
                fields=["code", "key"], condition=Q(closed_at=None), name="finding_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}{f' ({self.key})' if self.key else ''}: {self.count}"
