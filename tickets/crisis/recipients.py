"""Who is notified, and on which roads they can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from tickets.crisis.models import Level, NotificationRoad, OnCallShift, RoadKind
from tickets.desk.access import may_work_on
from tickets.desk.models import Ticket
from tickets.queues.escalation import ADMINISTRATORS, BACKUP, CRISIS_TEAM, ON_CALL, TEAM
from users.accounts.models import Team, User
from users.accounts.staff import administrators

LEVELS = {ON_CALL: Level.PRIMARY, BACKUP: Level.BACKUP}
#: The fallbacks when nobody named by a step can be notified, in order.
INSTEAD = (CRISIS_TEAM, ADMINISTRATORS)


@dataclass(frozen=True)
class Recipient:
    """A person, or a team that is notified in one place."""

    user: User | None = None
    team: Team | None = None

    @property
    def key(self) -> tuple[int | None, int | None]:
        """The ids of user and team, as deliveries store them."""
        return (self.user.pk if self.user else None, self.team.pk if self.team else None)

    @property
    def language(self) -> str:
        return self.user.language if self.user else settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Road:
    """One way to reach a recipient; ``row`` is None for the e-mail address of an account."""

    kind: RoadKind
    target: str
    row: NotificationRoad | None = None


@dataclass(frozen=True)
class Audience:
    """The recipients; ``told`` is the group the step named, or the fallback. Empty when nobody at all is left."""

    told: str
    recipients: tuple[Recipient, ...]


def audience_of(notify: str, *, at: datetime, ticket: Ticket | None = None) -> Audience:
    """Return the recipients of a step that says ``notify``: those who can be reached and may work on ``ticket``.

    If there are none it falls back to the crisis team, then to all administrators, who may not be able
    to read a sensitive ticket but can put someone on call. Some queries per person.
    """
    for told in dict.fromkeys((notify, *INSTEAD)):
        candidates = _candidates(told, at=at)
        able = [
            one
            for one in candidates
            if ticket is None or one.user is None or told == ADMINISTRATORS or may_work_on(ticket, one.user)
        ]
        if reachable := tuple(one for one in able if roads_of(one)):
            return Audience(told, reachable)
    return Audience(ADMINISTRATORS, ())


def roads_of(recipient: Recipient) -> list[Road]:
    """Return the roads to ``recipient`` in the order they are tried."""
    owner = Q(user=recipient.user) if recipient.user else Q(team=recipient.team)
    rows = NotificationRoad.objects.filter(owner, is_active=True).order_by("position", "pk")
    roads = [Road(RoadKind(row.kind), row.target, row) for row in rows]
    login = recipient.user.email if recipient.user else ""
    if login and login not in {road.target for road in roads}:
        roads.append(Road(RoadKind.MAIL, login))
    return roads


def _candidates(told: str, *, at: datetime) -> list[Recipient]:
    people = User.objects.filter(is_active=True).order_by("pk")
    if told in LEVELS:
        shifts = OnCallShift.objects.covering(at).filter(level=LEVELS[told])
        return _each(people.filter(pk__in=shifts.values("user")))
    if told == CRISIS_TEAM:
        return _each(people.filter(is_crisis_team=True))
    if told == ADMINISTRATORS:
        return _each(administrators().order_by("pk"))
    team = Team.objects.filter(slug=told.removeprefix(TEAM)).first()
    if team is None:
        return []
    if NotificationRoad.objects.filter(team=team, is_active=True).exists():
        return [Recipient(team=team)]
    return _each(people.filter(teams=team))


def _each(people: Iterable[User]) -> list[Recipient]:
    return [Recipient(user=user) for user in people]
