"""Merge two customers who turn out to be one person, and undo such a merge.

Feedback stays with its customer: readers follow ``merged_into``. What decides how a person is treated
(addresses, consents, preferences, the login) moves, is recorded, and moves back on undo.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.happenings import happened
from users.accounts.models import User
from users.profiles.models import Address, Consent, Customer, CustomerMerge, Preferences


class CannotMerge(Refused):
    code = "cannot_merge"


class CannotUnmerge(Refused):
    code = "cannot_unmerge"


@transaction.atomic
def merge(kept: Customer, gone: Customer, *, actor: User | None, at: datetime) -> CustomerMerge:
    """Make ``gone`` the same person as ``kept``, reversibly. Raises CannotMerge."""
    kept, gone = _locked(kept, gone)
    _check(kept, gone)
    moved: dict[str, list[Any]] = {
        "users.Address": _move(Address.objects.filter(customer=gone), customer=kept),
        "users.Consent": _move(Consent.objects.filter(customer=gone), customer=kept),
        # Never a chain: customers merged into ``gone`` before now point to ``kept``.
        "users.Customer": _move(Customer.objects.filter(merged_into=gone), merged_into=kept),
        "users.Preferences": [],
        "users.User": [],
        "opt_outs": [],
    }
    _join_wishes(kept, gone, moved)
    if gone.user_id and not kept.user_id:
        moved["users.User"] = [gone.user_id]
        user, gone.user = gone.user, None
        gone.save(update_fields=["user"])
        kept.user = user
        kept.save(update_fields=["user"])
    gone.merged_into = kept
    gone.save(update_fields=["merged_into"])
    return CustomerMerge.objects.create(kept=kept, gone=gone, actor=actor, at=at, moved=moved)


@transaction.atomic
def unmerge(done: CustomerMerge, *, actor: User | None, at: datetime) -> CustomerMerge:
    """Separate the two customers of ``done`` again: what moved moves back, unless it moved on since.

    Feedback given in between stays with the customer who was kept. Raises CannotUnmerge, or the refusal of a
    listener that treats the two as one person.
    """
    done = CustomerMerge.objects.select_for_update().get(pk=done.pk)
    kept, gone = _locked(done.kept, done.gone)
    if done.undone_at is not None:
        raise CannotUnmerge(_("This merge was undone already."))
    if gone.merged_into_id != kept.pk:
        raise CannotUnmerge(_("Undo the later merge of these customers first."))
    if kept.erased_at or gone.erased_at:
        raise CannotUnmerge(_("This person was erased."))
    moved = done.moved
    gone.merged_into = None
    gone.save(update_fields=["merged_into"])
    Address.objects.filter(pk__in=moved["users.Address"], customer=kept).update(customer=gone)
    Consent.objects.filter(pk__in=moved["users.Consent"], customer=kept).update(customer=gone)
    Customer.objects.filter(pk__in=moved["users.Customer"], merged_into=kept).update(merged_into=gone)
    Preferences.objects.filter(pk__in=moved["users.Preferences"], customer=kept).update(customer=gone)
    if moved["users.User"] and kept.user_id in moved["users.User"]:
        user, kept.user = kept.user, None
        kept.save(update_fields=["user"])
        gone.user = user
        gone.save(update_fields=["user"])
    if moved["opt_outs"]:
        wishes = Preferences.objects.select_for_update().get(customer=kept)
        wishes.opt_outs = [each for each in wishes.opt_outs if each not in moved["opt_outs"]]
        wishes.save(update_fields=["opt_outs"])
    done.undone_at, done.undone_by = at, actor
    done.save(update_fields=["undone_at", "undone_by"])
    happened(CustomerMerge, [done])
    return done


def _locked(kept: Customer, gone: Customer) -> tuple[Customer, Customer]:
    # In the order of their keys, so that concurrent merges cannot deadlock.
    rows = Customer.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[kept.pk], found[gone.pk]


def _check(kept: Customer, gone: Customer) -> None:
    if kept.pk == gone.pk:
        raise CannotMerge(_("This is one customer already."))
    if kept.merged_into_id or gone.merged_into_id:
        raise CannotMerge(_("One of them was merged already; merge the customer that was kept."))
    if kept.erased_at or gone.erased_at:
        raise CannotMerge(_("One of them was erased."))
    if kept.user_id and gone.user_id:
        raise CannotMerge(_("Both have a login; a person with two logins stays two customers."))


def _move(rows: Any, **to: Customer) -> list[int]:
    keys = sorted(rows.values_list("pk", flat=True))
    rows.filter(pk__in=keys).update(**to)
    return keys


def _join_wishes(kept: Customer, gone: Customer, moved: dict[str, list[Any]]) -> None:
    """Keep the opt-outs of both; otherwise the preferences of ``kept`` win if there are any."""
    # Locked: a concurrent opt-out would be overwritten, or stay with the merged customer, where it is never read.
    held = Preferences.objects.select_for_update().filter(customer__in=[kept, gone]).order_by("pk")
    wishes = {one.customer_id: one for one in held}
    theirs, ours = wishes.get(gone.pk), wishes.get(kept.pk)
    if theirs is None:
        return
    if ours is None:
        moved["users.Preferences"] = _move(Preferences.objects.filter(pk=theirs.pk), customer=kept)
        return
    moved["opt_outs"] = [each for each in theirs.opt_outs if each not in ours.opt_outs]
    ours.opt_outs = [*ours.opt_outs, *moved["opt_outs"]]
    ours.save(update_fields=["opt_outs"])
