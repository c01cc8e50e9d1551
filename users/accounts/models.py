"""Logins, teams and API tokens."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a login is for. Staff use the admin; the others use the API and the public pages."""

    CUSTOMER = "customer", _("Customer")
    INTEGRATION = "integration", _("Integration")
    AGENT = "agent", _("Support agent")
    LEAD = "lead", _("Product lead")
    ADMINISTRATOR = "administrator", _("Administrator")


STAFF_ROLES = (Role.AGENT, Role.LEAD, Role.ADMINISTRATOR)


class Availability(models.TextChoices):
    AVAILABLE = "available", _("Available")
    BUSY = "busy", _("Busy")
    AWAY = "away", _("Away")


class User(AbstractUser):
    """A login. A person who only gives feedback needs none."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.CUSTOMER)
    is_crisis_team = models.BooleanField(
        _("crisis team"),
        default=False,
        help_text=_("Sees sensitive messages, is paged, may run a crisis."),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    availability = models.CharField(
        _("availability"), max_length=10, choices=Availability.choices, default=Availability.AVAILABLE
    )
    mails_mentions = models.BooleanField(
        _("mailed when mentioned"),
        default=True,
        # Rows written by the previous release during an upgrade get the default, too.
        db_default=True,
        help_text=_("When a colleague names them in an internal note."),
    )

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_known"),
        ]

    @property
    def is_agent(self) -> bool:
        """Whether this user answers tickets."""
        return self.is_active and (self.role in (Role.AGENT, Role.ADMINISTRATOR) or self.is_superuser)

    @property
    def is_lead(self) -> bool:
        """Whether this user reads and publishes summaries."""
        return self.is_active and (self.role in (Role.LEAD, Role.ADMINISTRATOR) or self.is_superuser)

    @property
    def is_administrator(self) -> bool:
        """Whether this user configures the service."""
        return self.is_active and (self.role == Role.ADMINISTRATOR or self.is_superuser)

    @property
    def has_staff_role(self) -> bool:
        """Whether this user may open staff pages."""
        return self.is_active and (self.role in STAFF_ROLES or self.is_superuser)

    @property
    def sees_sensitive(self) -> bool:
        """Whether messages about self-harm, health and minors may be shown to this user."""
        return self.is_active and (self.is_crisis_team or self.is_superuser)

    @property
    def name(self) -> str:
        """The name shown to colleagues; a Chinese name has the family name first, without a space."""
        if any("\u4e00" <= character <= "\u9fff" for character in self.last_name):
            return f"{self.last_name}{self.first_name}"
        return self.get_full_name() or self.username


class Team(models.Model):
    """Agents who share queues."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="teams", blank=True, verbose_name=_("members")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class Scope(models.TextChoices):
    """What a token may do; a token has any number of scopes."""

    WRITE_FEEDBACK = "feedback:write", _("Submit feedback")
    READ_FEEDBACK = "feedback:read", _("Read own feedback")
    ACT_FOR = "feedback:act-for", _("Submit and read for named customers")
    PROFILE = "profile", _("Read and change the own profile")
    READ_TICKETS = "tickets:read", _("Read tickets")
    WRITE_TICKETS = "tickets:write", _("Work on tickets: answer, note, assign, move")
    READ_SUMMARIES = "summaries:read", _("Read summaries")
    WEBHOOKS = "webhooks", _("Set up own webhooks")


class ApiToken(models.Model):
    """A program's key to the API: 256 bits shown once, of which only the digest is stored."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens", verbose_name=_("login")
    )
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(
        _("beginning"), max_length=12, editable=False, help_text=_("To recognise a token by.")
    )
    digest = models.CharField(_("checksum"), max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=30, choices=Scope.choices), verbose_name=_("scopes"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
