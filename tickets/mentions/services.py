"""Write a note and notify the people it mentions; follow and unfollow a ticket."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from config.kit.origins import Origin
from config.kit.outbox.services import owe
from tickets.desk.access import readers_of
from tickets.desk.models import Ticket, TicketEvent
from tickets.desk.services import add_note
from tickets.mentions.models import Follower, Mention
from tickets.mentions.naming import named_in
from tickets.replies.models import DeliveryState
from users.accounts.models import User
from users.accounts.staff import staff

#: The outbox kind whose handler mails one mention.
MENTION_MAIL = "mention.mail"
#: A note that needs more people than this needs a queue instead.
MOST_NAMED = 20


@dataclass(frozen=True)
class Noted:
    """A written note, the mentioned people who were notified, and those who may not read the ticket."""

    event: TicketEvent
    told: tuple[User, ...]
    not_told: tuple[User, ...]


@transaction.atomic
def write_note(ticket: Ticket, *, text: str, actor: User, at: datetime) -> Noted:
    """Add an internal note; people it mentions with an @ are notified and follow the ticket from now on.

    Only people who may read the ticket are notified, MOST_NAMED at most. Raises CannotWorkOn, EmptyNote, WasMerged.
    """
    event = add_note(ticket, text=text, actor=actor, at=at)
    # Most notes mention nobody: then the staff need not be loaded.
    colleagues = {user.username: user for user in staff().exclude(pk=actor.pk)} if "@" in event.note else {}
    logins = dict.fromkeys(login for _start, _end, login in named_in(event.note, colleagues))
    called = [colleagues[login] for login in list(logins)[:MOST_NAMED]]
    may_read = set(readers_of(ticket).filter(pk__in=[user.pk for user in called])) if called else set()
    told = tuple(user for user in called if user in may_read)
    if told:
        event.details = {"mentions": [user.username for user in told]}
        event.save(update_fields=["details"])
        _tell(event, told, origin=Origin(ticket.origin))
    return Noted(event, told, tuple(user for user in called if user not in may_read))


def _tell(event: TicketEvent, people: Iterable[User], *, origin: Origin) -> None:
    for user in people:
        follow(event.ticket, user=user, at=event.at)
        # Only live tickets send mail.
        is_mailed = user.mails_mentions and bool(user.email) and origin == Origin.LIVE
        mention = Mention.objects.create(
            event=event,
            ticket=event.ticket,
            user=user,
            at=event.at,
            state=DeliveryState.PENDING if is_mailed else "",
        )
        if is_mailed:
            owe(MENTION_MAIL, mention.pk, at=event.at)


def follow(ticket: Ticket, *, user: User, at: datetime) -> bool:
    """Make ``user``, who may read ``ticket``, follow it; return whether that is new."""
    return Follower.objects.get_or_create(ticket=ticket, user=user, defaults={"at": at})[1]


def unfollow(ticket: Ticket, *, user: User) -> bool:
    """Make ``user`` stop following ``ticket`` and what was merged into it; return whether they did follow it."""
    return bool(_followers(ticket).filter(user=user).delete()[0])


def followers_of(ticket: Ticket) -> QuerySet[User]:
    """Return the users who follow ``ticket`` or what was merged into it and may read it, ordered by name."""
    following = _followers(ticket).values("user")
    return readers_of(ticket).filter(pk__in=following).order_by("first_name", "username")


def followed_by(user: User) -> QuerySet[Follower, int]:
    """Return the keys of the tickets that ``user`` follows, of a merged one the ticket in which it goes on."""
    followed = Follower.objects.filter(user=user)
    return followed.values_list(Coalesce("ticket__merged_into_id", "ticket_id"), flat=True)


def _followers(ticket: Ticket) -> QuerySet[Follower]:
    return Follower.objects.filter(Q(ticket=ticket) | Q(ticket__merged_into=ticket))


def note_read(ticket: Ticket, *, user: User, at: datetime) -> None:
    """Mark the mentions of ``user`` on ``ticket`` as read. One query."""
    Mention.objects.filter(ticket=ticket, user=user, read_at=None).update(read_at=at)


def choose_mail(user: User, *, is_wanted: bool) -> None:
    """Set whether ``user`` gets a mail when mentioned."""
    User.objects.filter(pk=user.pk).update(mails_mentions=is_wanted)
    user.mails_mentions = is_wanted
