"""Customers' ratings of how their feedback was handled, given once it is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.happenings import happened
from config.kit.text import clean_text
from feedback.intake.models import Feedback, FeedbackState, Rating

MOST_COMMENT = 2_000
OVER = (FeedbackState.SOLVED, FeedbackState.CLOSED)


class NotSolvedYet(Refused):
    code = "not_solved_yet"


@transaction.atomic
def rate(feedback: Feedback, *, score: int, comment: str, at: datetime) -> tuple[Rating, bool]:
    """Record the customer's ``score`` (1..5) for our handling; return the rating and whether it is new.

    Repeating the same rating changes nothing; a different one is added to the history. Raises NotSolvedYet.
    """
    feedback = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    if feedback.state not in OVER:
        raise NotSolvedYet(_("Rate our handling when it is over. Until then, write to us."))
    comment = clean_text(comment)[:MOST_COMMENT]
    newest = newest_rating(feedback)
    if newest is not None and (newest.score, newest.comment) == (score, comment):
        return newest, False
    rating = Rating.objects.create(feedback=feedback, score=score, comment=comment, at=at)
    happened(Rating, [rating])
    return rating, True


def newest_rating(feedback: Feedback) -> Rating | None:
    """Return the rating that counts, None when there is none. One query."""
    return feedback.ratings.order_by("-pk").first()
