"""Find or create the customer behind an address; store their preferences and consents."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.origins import Origin
from config.kit.text import clean_line
from config.kit.trees import Row
from users.accounts.models import User
from users.profiles.models import Address, AddressKind, Consent, Customer, OptOut, Preferences, Purpose

_NOT_PHONE = re.compile(r"[^\d+]")


@dataclass(frozen=True)
class Handle:
    """An address as a channel gives it, not yet assigned to a customer."""

    kind: AddressKind
    value: str
    namespace: str = ""
    is_proven: bool = False
    display_name: str = ""


class NotAnAddress(Refused):
    code = "invalid_address"


def normalised(kind: str, value: str) -> str:
    """Return the canonical form of an address, in which different spellings are equal.

    Mail addresses ignore case; nothing is folded across scripts, so look-alikes never match.
    """
    value = value.strip()
    if kind == AddressKind.EMAIL:
        return value.lower()
    if kind == AddressKind.PHONE:
        return _NOT_PHONE.sub("", value)
    return value


def known_address(handle: Handle) -> Address | None:
    """Return the address that ``handle`` names, with its customer, or None. One query.

    Raises NotAnAddress when nothing is left of the handle once normalised.
    """
    return Address.objects.select_related("customer__merged_into").filter(**_natural_key(handle)).first()


def newcomer(handle: Handle | None, *, at: datetime, origin: Origin = Origin.LIVE) -> list[Row]:
    """Return the unsaved rows of a new customer: ``customer``, and ``address`` when there is a handle."""
    name = clean_line(handle.display_name)[:200] if handle else ""
    customer = Customer(display_name=name, created_at=at, origin=origin)
    rows = [Row("customer", customer)]
    if handle is not None:
        address = Address(value=handle.value.strip()[:320], created_at=at, **_natural_key(handle))
        rows.append(Row("address", address, {"customer_id": "customer"}))
    return rows


def contact_of(customer: Customer | None, handle: Handle, *, at: datetime) -> Row:
    """Return the unsaved row ``contact``, a further address of ``customer``.

    None means the customer that the same statement inserts, the row ``customer``.
    """
    address = Address(value=handle.value.strip()[:320], created_at=at, **_natural_key(handle))
    if customer is None:
        return Row("contact", address, {"customer_id": "customer"})
    address.customer = customer
    return Row("contact", address)


def reachable_address(customer: Customer) -> Address | None:
    """Return the address for mail to ``customer``: the oldest that did not bounce, proven ones first, or None."""
    addresses = customer.addresses.filter(is_reachable=True, kind=AddressKind.EMAIL)
    return addresses.order_by("-is_proven", "id").first()


def mark_unreachable(address: Address) -> None:
    """Stop writing to ``address`` after a permanent bounce. Its history and its owner stay."""
    Address.objects.filter(pk=address.pk).update(is_reachable=False)
    address.is_reachable = False


def _natural_key(handle: Handle) -> dict[str, Any]:
    key = normalised(handle.kind, handle.value)
    if not key:
        raise NotAnAddress(_("This is not an address that could be answered."))
    return {
        "kind": handle.kind,
        "namespace": handle.namespace,
        "normalised": key[:320],
        "is_proven": handle.is_proven,
    }


def current(customer: Customer) -> Customer:
    """Return the customer that ``customer`` was merged into, else ``customer``. Merges are never chained."""
    return customer.merged_into or customer


def hold_unerased(customer_ids: Collection[int]) -> set[int]:
    """Return the ``customer_ids`` that are not erased, blocking their erasure until the transaction ends.

    For callers that read a customer's data earlier and are about to write it elsewhere. One query.
    """
    # The rows that erasure locks first, in the same order.
    held = Customer.objects.select_for_update(no_key=True).filter(pk__in=customer_ids).order_by("pk")
    return {pk for pk, erased_at in held.values_list("pk", "erased_at") if erased_at is None}


def person_by(path: str) -> Coalesce:
    """Return a query expression for the key of the person behind ``path``, a foreign key to Customer.

    It follows merges as ``current`` does.
    """
    return Coalesce(f"{path}__merged_into_id", f"{path}_id")


def customer_of(user: User, *, at: datetime) -> Customer:
    """Return the customer of ``user``, created on first use. One query for an existing one."""
    known = Customer.objects.select_related("user", "merged_into").filter(user=user).first()
    return current(known or _customer_made_for(user, at=at))


@transaction.atomic
def _customer_made_for(user: User, *, at: datetime) -> Customer:
    customer, created = Customer.objects.get_or_create(
        user=user, defaults={"display_name": user.get_full_name()[:200], "created_at": at}
    )
    if created and user.email:
        # The login's address is not proven: anyone who registers could type any address.
        Address.objects.bulk_create(
            [
                Address(
                    customer=customer,
                    kind=AddressKind.EMAIL,
                    namespace=f"login:{user.pk}",
                    value=user.email,
                    normalised=normalised(AddressKind.EMAIL, user.email),
                    created_at=at,
                )
            ],
            ignore_conflicts=True,
        )
    return customer


def preferences_of(customer: Customer) -> Preferences | None:
    """Return the preferences of the customer that ``customer`` is now; None if never set. Two queries at most."""
    return Preferences.objects.filter(customer=current(customer)).first()


def rename(customer: Customer, *, name: str) -> None:
    """Rename ``customer`` to ``name``; earlier messages keep the name they were sent under."""
    customer.display_name = clean_line(name)[:200]
    customer.save(update_fields=["display_name"])


@transaction.atomic
def set_preferences(customer: Customer, *, changes: Mapping[str, Any], at: datetime) -> Preferences:
    """Set the preferences of ``customer`` named in ``changes``; the others stay."""
    preferences, _created = Preferences.objects.get_or_create(customer=customer, defaults={"updated_at": at})
    for name, value in changes.items():
        setattr(preferences, name, value)
    preferences.updated_at = at
    preferences.save(update_fields=[*changes, "updated_at"])
    return preferences


@transaction.atomic
def opt_out(customer: Customer, of: OptOut, *, at: datetime) -> Preferences:
    """Add ``of`` to the opt-outs of ``customer``. Safe to repeat; concurrent opt-outs are all kept."""
    # Locked until the change is written, or a concurrent one would be overwritten.
    held, created = Preferences.objects.select_for_update().get_or_create(
        customer=customer, defaults={"updated_at": at}
    )
    merged_into = Customer.objects.select_related("merged_into").get(pk=customer.pk).merged_into
    if merged_into is not None:
        # A merge was committed while we waited: preferences of a merged customer are no longer read.
        if created:
            held.delete()
        return opt_out(merged_into, of, at=at)
    return set_preferences(customer, changes={"opt_outs": sorted({*held.opt_outs, of})}, at=at)


def record_consent(
    customer: Customer, purpose: Purpose, *, is_granted: bool, at: datetime, notice_version: str = ""
) -> Consent:
    """Add an entry to the consent ledger; withdrawing uses the same function."""
    return Consent.objects.create(
        customer=customer, purpose=purpose, is_granted=is_granted, at=at, notice_version=notice_version
    )
