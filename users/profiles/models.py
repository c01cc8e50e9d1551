"""Customers: who they are, how to reach them, what they want and what they consented to."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from config.kit.origins import Origin
from users.profiles.quiet import quiet_until


class Segment(models.TextChoices):
    STANDARD = "standard", _("Standard")
    CREATOR = "creator", _("Creator")
    PAYING = "paying", _("Paying")
    PARTNER = "partner", _("Partner")


class CustomerQuerySet(models.QuerySet["Customer"]):
    def current(self) -> CustomerQuerySet:
        """Customers that were not merged into another."""
        return self.filter(merged_into=None)

    def one_person(self, customer: Customer) -> CustomerQuerySet:
        """``customer`` and all customers merged into them."""
        return self.filter(Q(pk=customer.pk) | Q(merged_into=customer.pk))


class Customer(models.Model):
    """One person who gives feedback, known by name or not."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customer",
        verbose_name=_("login"),
    )
    display_name = models.CharField(_("name"), max_length=200, blank=True)
    segment = models.CharField(_("segment"), max_length=20, choices=Segment.choices, default=Segment.STANDARD)
    is_minor = models.BooleanField(_("minor"), default=False)
    origin = models.CharField(
        _("origin"), max_length=10, choices=Origin.choices, default=Origin.LIVE, editable=False
    )
    created_at = models.DateTimeField(_("known since"))
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        editable=False,
        verbose_name=_("merged into"),
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects: ClassVar[CustomerQuerySet] = CustomerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="customer_origin_known"),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=models.F("id")),
                name="customer_not_into_itself",
            ),
        ]
        indexes = [
            # Search by the beginning of a name, ignoring case.
            models.Index(OpClass(Upper("display_name"), name="text_pattern_ops"), name="customer_by_name"),
        ]

    def __str__(self) -> str:
        return self.display_name or str(_("Customer %(id)s") % {"id": self.pk})


class AddressKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    ACCOUNT = "account", _("Account")
    HANDLE = "handle", _("Handle")


class Address(models.Model):
    """One handle of a customer on one channel.

    A *proven* address identifies the person: mail came from it, an integration vouched for it, or a link
    sent to it was followed. A claimed one (typed into a form) belongs to a separate customer, so that nobody
    gets at another's history by typing their address.
    """

    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=10, choices=AddressKind.choices)
    namespace = models.CharField(
        max_length=60, blank=True, help_text=_("Where an account or handle lives, e.g. a channel's slug.")
    )
    value = models.CharField(_("address"), max_length=320)
    normalised = models.CharField(max_length=320, editable=False)
    is_proven = models.BooleanField(_("proven"), default=False)
    is_reachable = models.BooleanField(_("reachable"), default=True, help_text=_("False after a bounce."))
    created_at = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "namespace", "normalised", "is_proven"], name="address_of_one_customer"
            ),
        ]
        indexes = [
            # Search by a whole address of any kind.
            models.Index(fields=["normalised"], name="address_by_value"),
        ]

    def __str__(self) -> str:
        return self.value


class AddressProof(models.Model):
    """A customer's claim that an address is theirs; following the link mailed there proves it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="proofs")
    value = models.CharField(_("address"), max_length=320)
    normalised = models.CharField(max_length=320, editable=False)
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField(_("asked"))
    expires_at = models.DateTimeField(_("expires"))
    mailed_at = models.DateTimeField(_("mailed"), null=True)
    proven_at = models.DateTimeField(_("proven"), null=True)

    class Meta:
        verbose_name = _("proof of an address")
        verbose_name_plural = _("proofs of addresses")
        indexes = [
            # Recent claims by a customer, and for an address.
            models.Index(fields=["customer", "-asked_at"], name="proof_of_customer"),
            models.Index(fields=["normalised", "-asked_at"], name="proof_of_address"),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class OptOut(models.TextChoices):
    """What a customer may opt out of; answers to their own feedback are always sent."""

    SURVEYS = "surveys", _("Surveys")
    UPDATES = "updates", _("News about what they reported")
    ACKNOWLEDGEMENTS = "acknowledgements", _("Automatic acknowledgements")


class Preferences(models.Model):
    """How a customer wants to be treated. Empty means no preference."""

    customer = models.OneToOneField(Customer, on_delete=models.PROTECT, related_name="preferences")
    language = models.CharField(_("language"), max_length=10, blank=True)
    channel = models.CharField(_("preferred channel"), max_length=20, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    opt_outs = ArrayField(
        models.CharField(max_length=20, choices=OptOut.choices),
        verbose_name=_("opted out of"),
        default=list,
        blank=True,
    )
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preferences_quiet_hours_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}"

    def quiet_end(self, at: datetime) -> datetime | None:
        """Return the end, in UTC, of the quiet hours that ``at`` is in; None outside quiet hours."""
        time_zone = self.time_zone or settings.SUMMARY_TIME_ZONE
        try:
            ZoneInfo(time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            time_zone = settings.SUMMARY_TIME_ZONE
        return quiet_until(at, begins=self.quiet_from, ends=self.quiet_until, time_zone=time_zone)


class HabitKind(models.TextChoices):
    PLATFORM = "platform", _("Usually writes from")


class Habit(models.Model):
    """What we learned about a customer from what they do, with the evidence."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="habits")
    kind = models.CharField(_("habit"), max_length=30, choices=HabitKind)
    value = models.CharField(_("value"), max_length=60)
    seen_count = models.PositiveIntegerField(_("times seen"))
    of_count = models.PositiveIntegerField(_("out of"))
    updated_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("habit")
        verbose_name_plural = _("habits")
        constraints = [models.UniqueConstraint(fields=["customer", "kind"], name="habit_once_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class Purpose(models.TextChoices):
    SUPPORT = "support", _("Handling the feedback")
    RESEARCH = "research", _("Being asked about the product")
    NEWS = "news", _("News about the product")


class Consent(models.Model):
    """One entry of the consent ledger; the newest entry for a purpose counts."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    is_granted = models.BooleanField(_("granted"))
    notice_version = models.CharField(_("notice"), max_length=30, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        indexes = [models.Index(fields=["customer", "purpose", "-at"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.is_granted}"


class CustomerMerge(models.Model):
    """A merge of two customers who are one person, with the rows that moved, so that it can be undone."""

    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept"))
    gone = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="+", verbose_name=_("merged away")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("merged by"),
    )
    at = models.DateTimeField(_("merged"))
    moved = models.JSONField(_("moved along"), help_text=_("Table to list of row ids that changed hands."))
    undone_at = models.DateTimeField(_("undone"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )

    class Meta:
        verbose_name = _("merge of customers")
        verbose_name_plural = _("merges of customers")

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
