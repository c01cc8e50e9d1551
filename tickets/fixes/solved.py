"""Find solved known problems whose reporters have not been notified."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from feedback.knowledge.models import KnownProblem, ProblemState
from feedback.knowledge.services import wording_for
from tickets.fixes.models import Fix, FixState
from tickets.fixes.reporters import ANSWERED

#: More are rarely solved at once; the next ones follow when these are done.
MOST_SHOWN = 20


@dataclass(frozen=True)
class Solved:
    """A solved problem that ``people`` said "me too" to, and that they have not been notified about."""

    problem: KnownProblem
    name: str
    people: int


def solved_untold(language: str) -> list[Solved]:
    """Return the solved problems whose reporters were not notified, at most MOST_SHOWN, most recently solved first.

    ``name`` is in ``language`` or the nearest one available. Two queries.
    """
    begun = Fix.objects.filter(problem=OuterRef("pk")).exclude(state=FixState.DRAFT)
    answered = KnownProblem.objects.filter(
        state=ProblemState.RESOLVED, reports__feedback__origin__in=ANSWERED
    )
    people = Count("reports__feedback__customer", distinct=True)
    found = answered.filter(~Exists(begun)).annotate(people=people).filter(people__gt=0)
    solved = found.order_by("-resolved_at", "-pk").prefetch_related("texts")[:MOST_SHOWN]
    return [Solved(one, wording_for(one, language).title, one.people) for one in solved if one.texts.all()]
