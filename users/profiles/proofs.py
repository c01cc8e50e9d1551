"""Prove that an e-mail address belongs to a customer, by a link mailed there."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.mails import send_automatic
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import owe
from config.kit.secret_links import opened_id, secret_token
from users.profiles.merging import CannotMerge, merge
from users.profiles.models import Address, AddressKind, AddressProof, Customer
from users.profiles.services import current, normalised

#: The outbox kind whose handler mails the link.
PROVE_ADDRESS = "address.prove"
VALID = timedelta(hours=24)
#: Per day. Customers make mistakes, but must not be able to have us fill a stranger's mailbox.
MOST_PER_CUSTOMER = 10
MOST_PER_ADDRESS = 3
MOST_ADDRESSES = 20
_SALT = "earshot.address.proof"


class TooManyProofs(Refused):
    code = "too_many_proofs"
    field = "email"


class TooManyAddresses(Refused):
    code = "too_many_addresses"
    field = "email"


class BelongsToAnother(Refused):
    code = "belongs_to_another"


class LinkNotValid(Refused):
    code = "link_not_valid"


class CannotRemove(Refused):
    code = "cannot_remove"


@transaction.atomic
def ask_for_proof(customer: Customer, *, email: str, language: str, at: datetime) -> AddressProof:
    """Queue a mail to ``email`` with the link that proves that it belongs to ``customer``.

    Does not reveal whether the address belongs to someone else until the link is followed. Raises TooManyProofs,
    TooManyAddresses.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)
    address, day = normalised(AddressKind.EMAIL, email), at - timedelta(days=1)
    lately = AddressProof.objects.filter(asked_at__gt=day)
    if lately.filter(customer=customer).count() >= MOST_PER_CUSTOMER:
        raise TooManyProofs(_("You asked for many of these today. Try again tomorrow."))
    if lately.filter(normalised=address).count() >= MOST_PER_ADDRESS:
        raise TooManyProofs(_("This address was sent several mails today. Try again tomorrow."))
    if customer.addresses.exclude(value="").count() >= MOST_ADDRESSES:
        raise TooManyAddresses(
            _("Remove an address first: at most %(most)d are kept.") % {"most": MOST_ADDRESSES}
        )
    proof = AddressProof.objects.create(
        customer=customer,
        value=email.strip(),
        normalised=address,
        language=language,
        asked_at=at,
        expires_at=at + VALID,
    )
    owe(PROVE_ADDRESS, proof.pk, at=at)
    return proof


def proof_token(public_id: uuid.UUID) -> str:
    """Return the token at the end of the mailed link of proof ``public_id``."""
    return secret_token(_SALT, public_id)


def proof_of(token: str) -> AddressProof | None:
    """Return the proof that ``token`` opens, None for an invalid token."""
    public_id = opened_id(_SALT, token)
    if public_id is None:
        return None
    return AddressProof.objects.filter(public_id=public_id).first()


@transaction.atomic
def prove(proof: AddressProof, *, at: datetime) -> Address:
    """Make the address of ``proof`` a proven address of its customer and return it.

    A customer who wrote from that address before is the same person: the two are merged, reversibly. A second
    call changes nothing: the link in an old mail does not reclaim an address that was removed since, nor merge
    the customer who uses it now. Raises LinkNotValid, BelongsToAnother.
    """
    proof = AddressProof.objects.select_for_update(of=("self",)).select_related("customer").get(pk=proof.pk)
    customer = current(proof.customer)
    if proof.proven_at is None and proof.expires_at <= at:
        raise LinkNotValid(_("This link is no longer valid. Ask for a new one."))
    if customer.erased_at or not proof.value:
        raise LinkNotValid(_("This link is no longer valid."))
    its = {"kind": AddressKind.EMAIL, "namespace": "", "normalised": proof.normalised, "is_proven": True}
    if proof.proven_at is not None:
        proven = Address.objects.filter(**its, customer=customer).first()
        if proven is None:
            raise LinkNotValid(_("This link is no longer valid. Ask for a new one."))
        return proven
    # When two customers prove it concurrently, the unique constraint lets one create it; the other finds that row.
    address, _created = Address.objects.get_or_create(
        **its, defaults={"customer": customer, "value": proof.value, "created_at": at}
    )
    if address.customer_id != customer.pk:
        try:
            merge(customer, current(address.customer), actor=customer.user, at=at)
        except CannotMerge:
            raise BelongsToAnother(_("This address belongs to another login.")) from None
        address.refresh_from_db()
    Address.objects.filter(pk=address.pk).update(is_reachable=True)
    AddressProof.objects.filter(pk=proof.pk).update(proven_at=at)
    return address


@transaction.atomic
def remove_address(address: Address) -> None:
    """Remove ``address``: nothing more is sent there, and mail from it comes from a new customer.

    The row stays, blanked, because deliveries refer to it. Raises CannotRemove.
    """
    if address.kind not in (AddressKind.EMAIL, AddressKind.PHONE):
        raise CannotRemove(_("This one is named by the app that you write from and stays with it."))
    Address.objects.filter(pk=address.pk).update(
        value="", normalised=f"removed:{address.pk}", is_reachable=False, is_proven=False
    )


def mail_link(proof_id: int, at: datetime) -> bool:
    """Mail the link, within 5 s; return False when it is no longer wanted or no mail is sent.

    Safe to repeat: it is the same link.
    """
    proof = AddressProof.objects.get(pk=proof_id)
    if (
        proof.proven_at is not None
        or proof.mailed_at is not None
        or proof.expires_at <= at
        or not proof.value
    ):
        return False
    with translation.override(proof.language):
        subject = str(_("Is this address yours?"))
        text = str(
            _(
                "Somebody, probably you, wants answers from us at this address. If it was you, open this link "
                "within a day and confirm:\n\n%(link)s\n\nIf it was not you, do nothing: nothing will be sent here."
            )
            % {"link": proof_link(proof)}
        )
    return send_automatic(proof.value, subject=subject, text=text)


def proof_link(proof: AddressProof) -> str:
    """Return the absolute link, built from PUBLIC_BASE_URL and never from a Host header."""
    return f"{settings.PUBLIC_BASE_URL}/addresses/{proof_token(proof.public_id)}"


def note_mailed(proof_id: int, was_mailed: bool, at: datetime) -> None:
    """Record that the link was mailed at ``at``, if it was."""
    if was_mailed:
        AddressProof.objects.filter(pk=proof_id).update(mailed_at=at)


PROVE_ADDRESS_HANDLER = Handler(kind=PROVE_ADDRESS, lane=Lane.DEFAULT, work=mail_link, effect=note_mailed)
