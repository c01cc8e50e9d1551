"""Create the customers of the demo with addresses, preferences and consent, in bulk before their first message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from config.kit.origins import Origin
from tickets.demo.corpus import Case
from tickets.demo.people import KIM, Person
from users.accounts.models import User
from users.profiles.models import Address, AddressKind, Consent, Customer, Preferences, Purpose
from users.profiles.services import normalised

#: The namespace of the accounts of the app's users.
NAMESPACE = "glowreel"
NOTICE = "demo-1"


@dataclass(frozen=True)
class Introduced:
    """Customers by the person's number, and the e-mail addresses of those who gave one."""

    customers: Mapping[int, Customer]
    addresses: Mapping[int, Address]


@transaction.atomic
def introduce(cases: Iterable[Case]) -> Introduced:
    """Return the customers of ``cases``, created as of their first message unless they exist.

    Anonymous senders are left to intake. A dozen queries for any number of people.
    """
    first: dict[int, tuple[Person, datetime]] = {}
    for case in cases:
        if not case.is_anonymous:
            first.setdefault(case.person.number, (case.person, case.opened_at))
    known = {
        address.normalised: address.customer
        for address in Address.objects.select_related("customer").filter(
            kind=AddressKind.ACCOUNT, namespace=NAMESPACE
        )
    }
    new = [(person, at) for person, at in first.values() if person.account not in known]
    login = User.objects.filter(username="customer", customer=None).first()
    customers = Customer.objects.bulk_create(
        Customer(
            user=login if person is KIM else None,
            display_name=person.name,
            segment=person.segment,
            is_minor=person.is_minor,
            origin=Origin.DEMO,
            created_at=at,
        )
        for person, at in new
    )
    pairs = [(person, customer) for (person, _), customer in zip(new, customers, strict=True)]
    Address.objects.bulk_create(address for pair in pairs for address in _addresses(*pair))
    Preferences.objects.bulk_create(_preferences(*pair) for pair in pairs if _has_wishes(pair[0]))
    Consent.objects.bulk_create(
        Consent(
            customer=customer,
            purpose=Purpose.SUPPORT,
            is_granted=True,
            at=customer.created_at,
            notice_version=NOTICE,
        )
        for person, customer in pairs
    )
    known |= {person.account: customer for person, customer in pairs}
    mailed = {
        address.customer_id: address
        for address in Address.objects.filter(customer__origin=Origin.DEMO, kind=AddressKind.EMAIL)
    }
    by_number = {number: known[person.account] for number, (person, _) in first.items()}
    return Introduced(
        by_number,
        {number: mailed[customer.pk] for number, customer in by_number.items() if customer.pk in mailed},
    )


def _addresses(person: Person, customer: Customer) -> list[Address]:
    """Return the addresses and accounts of ``person``, all proven: the app vouches for its accounts."""
    handles = [(AddressKind.ACCOUNT, NAMESPACE, person.account)]
    if person.email:
        handles.insert(0, (AddressKind.EMAIL, "", person.email))
    return [
        Address(
            customer=customer,
            kind=kind,
            namespace=namespace,
            value=value,
            normalised=normalised(kind, value),
            is_proven=True,
            created_at=customer.created_at,
        )
        for kind, namespace, value in handles
    ]


def _has_wishes(person: Person) -> bool:
    return bool(person.wish_language or person.wish_channel or person.quiet_from or person.opt_outs)


def _preferences(person: Person, customer: Customer) -> Preferences:
    return Preferences(
        customer=customer,
        language=person.wish_language,
        channel=person.wish_channel,
        quiet_from=time(person.quiet_from) if person.quiet_from else None,
        quiet_until=time(8) if person.quiet_from else None,
        opt_outs=list(person.opt_outs),
        updated_at=customer.created_at,
    )
