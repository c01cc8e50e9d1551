"""The customer file shown beside a ticket."""

from __future__ import annotations

from dataclasses import dataclass

from feedback.intake.models import ChannelKind, Feedback
from tickets.desk.models import Ticket
from users.accounts.models import User
from users.profiles.models import Address, Consent, Customer, Habit, OptOut, Preferences
from users.profiles.services import current

MOST_HISTORY = 12


@dataclass(frozen=True)
class Past:
    """One earlier feedback; ``ticket`` is None if it needed none, such as praise."""

    feedback: Feedback
    ticket: Ticket | None


@dataclass(frozen=True)
class CustomerFile:
    """A customer's file. ``also`` are the customers merged into the same person.

    ``feedback_count`` counts only feedback the agent may see; ``average_rating`` is None without ratings.
    """

    customer: Customer
    also: list[Customer]
    addresses: list[Address]
    preferences: Preferences | None
    habits: list[Habit]
    consents: list[Consent]
    history: list[Past]
    feedback_count: int
    average_rating: float | None

    @property
    def channel(self) -> str:
        """The display name of the channel the customer prefers; empty without a preference."""
        code = self.preferences.channel if self.preferences else ""
        return str(ChannelKind(code).label) if code in ChannelKind.values else code

    @property
    def opt_outs(self) -> list[str]:
        """The display names of what the customer opted out of."""
        codes = self.preferences.opt_outs if self.preferences else []
        return [str(OptOut(code).label) if code in OptOut.values else code for code in codes]


def customer_file(customer: Customer, user: User, *, besides: Feedback | None = None) -> CustomerFile:
    """Return the file of ``customer`` as far as ``user`` may see it, its history without ``besides``. Seven queries.

    Merged customers are one person and share one file, whichever of them is passed.
    """
    customer = current(customer)
    people = list(Customer.objects.one_person(customer))
    said = Feedback.objects.filter(customer__in=people).select_related("channel")
    feedback = list(said.order_by("-pk")[:500])
    tickets = {
        other.feedback_id: other
        for other in Ticket.objects.visible_to(user).filter(feedback__in=[one.pk for one in feedback])
    }
    hidden = set(
        Ticket.objects.filter(feedback__in=[one.pk for one in feedback])
        .exclude(pk__in=[other.pk for other in tickets.values()])
        .values_list("feedback_id", flat=True)
    )
    seen = [one for one in feedback if one.pk not in hidden]
    ratings = [one.rating for one in seen if one.rating is not None]
    consents = Consent.objects.filter(customer=customer).order_by("purpose", "-at").distinct("purpose")
    return CustomerFile(
        customer=customer,
        also=[one for one in people if one != customer],
        addresses=list(customer.addresses.order_by("-is_proven", "pk")),
        preferences=Preferences.objects.filter(customer=customer).first(),
        habits=list(customer.habits.order_by("kind")),
        consents=list(consents),
        history=[Past(one, tickets.get(one.pk)) for one in seen if one != besides][:MOST_HISTORY],
        feedback_count=len(seen),
        average_rating=sum(ratings) / len(ratings) if ratings else None,
    )
