"""Save a filtered list of the inbox under a name, for oneself or for everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.text import clean_line
from tickets.workbench.filters import Filters
from tickets.workbench.models import LONGEST_NAME, SavedView
from users.accounts.models import User

MOST_OF_ONE = 30
MOST_SHOWN = 60


class NameMissing(Refused):
    code = "name_missing"
    field = "name"


class TooManyViews(Refused):
    code = "too_many_views"


class NotYours(Refused):
    code = "not_yours"


@dataclass(frozen=True)
class ShownView:
    """A view as the inbox offers it; ``is_open`` if it is the list on the page."""

    view: SavedView
    query: str
    is_open: bool
    may_remove: bool


@transaction.atomic
def save_view(owner: User, *, name: str, filters: Filters, is_shared: bool, at: datetime) -> SavedView:
    """Save ``filters`` under ``name``, replacing the owner's view of that name.

    Raises NameMissing, TooManyViews.
    """
    name = clean_line(name)[:LONGEST_NAME].strip()
    if not name:
        raise NameMissing(_("Give the view a name."))
    # The lock keeps concurrent saves of one owner from both passing the count.
    User.objects.select_for_update().get(pk=owner.pk)
    others = SavedView.objects.filter(owner=owner).exclude(name=name)
    if others.count() >= MOST_OF_ONE:
        raise TooManyViews(_("Remove a view first: at most %(most)d are kept.") % {"most": MOST_OF_ONE})
    kept = {"folder": filters.folder, **filters.narrowing}
    view, _created = SavedView.objects.update_or_create(
        owner=owner, name=name, defaults={"filters": kept, "is_shared": is_shared, "saved_at": at}
    )
    return view


def remove_view(view: SavedView, *, actor: User) -> None:
    """Delete ``view``; its tickets are not affected. Deleting twice is harmless. Raises NotYours."""
    if not may_remove(view, actor):
        raise NotYours(_("Only who saved it, or an administrator, can remove this view."))
    SavedView.objects.filter(pk=view.pk).delete()


def may_remove(view: SavedView, user: User) -> bool:
    return view.owner_id == user.pk or user.is_administrator


def views_for(user: User, *, shown: Filters) -> list[ShownView]:
    """Return the views offered to ``user``, by name; ``shown`` is the list on the page. One query."""
    return [
        ShownView(view, (kept := view.list_shown).query, kept == shown, may_remove(view, user))
        for view in SavedView.objects.offered_to(user).order_by("name", "pk")[:MOST_SHOWN]
    ]
