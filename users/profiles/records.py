"""The personal data this part holds: who a customer is, how to reach them, what they want and consented to."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from users.accounts.models import ApiToken, User
from users.profiles.holdings import Holding, Rows
from users.profiles.models import (
    Address,
    AddressProof,
    Consent,
    Customer,
    CustomerMerge,
    Habit,
    Preferences,
)

PERSON_COLUMNS = ("public_id", "display_name", "segment", "is_minor", "created_at", "erased_at")
ADDRESS_COLUMNS = ("kind", "namespace", "value", "is_proven", "is_reachable", "created_at")
PROOF_COLUMNS = ("value", "asked_at", "mailed_at", "proven_at")
WISH_COLUMNS = (
    "language", "channel", "time_zone", "quiet_from", "quiet_until", "opt_outs", "updated_at",
)  # fmt: skip
LOGIN_COLUMNS = ("username", "first_name", "last_name", "email", "language", "date_joined", "last_login")


def export_person(customer: Customer) -> Rows:
    return Customer.objects.filter(pk=customer.pk).values(*PERSON_COLUMNS)


def erase_person(customer: Customer, at: datetime) -> None:
    Customer.objects.filter(pk=customer.pk, erased_at=None).update(display_name="", erased_at=at)


def export_login(customer: Customer) -> Rows:
    return User.objects.filter(customer=customer).values(*LOGIN_COLUMNS)


def erase_login(customer: Customer, at: datetime) -> None:
    """Deactivate and blank the login, unless it belongs to staff, who need it for their work."""
    if customer.user is None or customer.user.is_staff:
        return
    login = User.objects.filter(pk=customer.user.pk)
    login.update(
        username=f"erased-{customer.public_id}",
        first_name="",
        last_name="",
        email="",
        password="!",
        is_active=False,
    )
    ApiToken.objects.filter(user=customer.user, revoked_at=None).update(revoked_at=at)


def export_addresses(customer: Customer) -> Rows:
    return Address.objects.filter(customer=customer).exclude(value="").values(*ADDRESS_COLUMNS)


def erase_addresses(customer: Customer, at: datetime) -> None:
    emptied = Concat(Value("erased:"), Cast("pk", CharField()))
    Address.objects.filter(customer=customer).update(
        value="", normalised=emptied, is_proven=False, is_reachable=False
    )


def export_proofs(customer: Customer) -> Rows:
    return AddressProof.objects.filter(customer=customer).values(*PROOF_COLUMNS)


def erase_proofs(customer: Customer, at: datetime) -> None:
    AddressProof.objects.filter(customer=customer).update(value="", normalised="")


def export_wishes(customer: Customer) -> Rows:
    return Preferences.objects.filter(customer=customer).values(*WISH_COLUMNS)


def erase_wishes(customer: Customer, at: datetime) -> None:
    Preferences.objects.filter(customer=customer).delete()


def export_habits(customer: Customer) -> Rows:
    return Habit.objects.filter(customer=customer).values(
        "kind", "value", "seen_count", "of_count", "updated_at"
    )


def erase_habits(customer: Customer, at: datetime) -> None:
    Habit.objects.filter(customer=customer).delete()


def export_consents(customer: Customer) -> Rows:
    rows = Consent.objects.filter(customer=customer).order_by("pk")
    return rows.values("purpose", "is_granted", "notice_version", "at")


def keep_consents(customer: Customer, at: datetime) -> None:
    """Keep the ledger: it holds no text, and proves what the customer consented to at the time."""


def export_merges(customer: Customer) -> Rows:
    merges = CustomerMerge.objects.filter(Q(kept=customer) | Q(gone=customer)).order_by("pk")
    return merges.values("kept__public_id", "gone__public_id", "at", "undone_at")


def keep_merges(customer: Customer, at: datetime) -> None:
    """Keep the merges: they hold ids only."""


def export_admin_log(customer: Customer) -> Rows:
    return _logged(customer).values("action_time", "object_repr", "change_message")


def erase_admin_log(customer: Customer, at: datetime) -> None:
    """Keep which colleague changed the customer and when; blank the customer's name and the details."""
    _logged(customer).update(object_repr="", change_message="")


def _logged(customer: Customer) -> QuerySet[LogEntry]:
    of_type = ContentType.objects.get_for_model
    logged = Q(content_type=of_type(Customer), object_id=str(customer.pk))
    if customer.user_id is not None:
        logged |= Q(content_type=of_type(User), object_id=str(customer.user_id))
    return LogEntry.objects.filter(logged).order_by("pk")


HOLDINGS = (
    Holding("person", ("users.Customer",), export_person, erase_person),
    Holding("login", ("users.User", "users.ApiToken"), export_login, erase_login),
    Holding("addresses", ("users.Address",), export_addresses, erase_addresses),
    Holding("address_proofs", ("users.AddressProof",), export_proofs, erase_proofs),
    Holding("preferences", ("users.Preferences",), export_wishes, erase_wishes),
    Holding("habits", ("users.Habit",), export_habits, erase_habits),
    Holding("consents", ("users.Consent",), export_consents, keep_consents),
    Holding("admin_log", ("admin.LogEntry",), export_admin_log, erase_admin_log),
    Holding("merges", ("users.CustomerMerge",), export_merges, keep_merges),
)
