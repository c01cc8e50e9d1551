"""Known problems that are solved, and whom nobody has told yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from feedback.knowledge.models import KnownProblem, ProblemState
from feedback.knowledge.services import wording_for
from tickets.fixes.models import Fix, FixState
from tickets.fixes.reporters import ANSWERED

#: More are hardly solved at once; the next ones follow when these are told.
MOST_SHOWN = 20


@dataclass(frozen=True)
class Solved:
    """A solved problem to which ``people`` said "me too" and of which nothing was sent to them."""

    problem: KnownProblem
    name: str
    people: int


def solved_untold(language: str) -> list[Solved]:
    """Return the solved problems whose reporters were not told, at most MOST_SHOWN, the latest solved first.

    ``name`` is in ``language`` or the nearest there is. Two queries.
    """
    begun = Fix.objects.filter(problem=OuterRef("pk")).exclude(state=FixState.DRAFT)
    answered = KnownProblem.objects.filter(
        state=ProblemState.RESOLVED, reports__feedback__origin__in=ANSWERED
    )
    people = Count("reports__feedback__customer", distinct=True)
    found = answered.filter(~Exists(begun)).annotate(people=people).filter(people__gt=0)
    solved = found.order_by("-resolved_at", "-pk").prefetch_related("texts")[:MOST_SHOWN]
    return [Solved(one, wording_for(one, language).title, one.people) for one in solved if one.texts.all()]
