"""Reporting "me too": a feedback of the sender's own, linked to a known problem."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from config.kit.errors import Refused
from config.kit.text import digest
from feedback.api.submission import Sender, Submission, submit
from feedback.intake.services import IdempotencyKey, Receipt
from feedback.knowledge.models import KnownProblem
from feedback.knowledge.services import join, wording_for


class ProblemNotKnown(Refused):
    """The problem was never published, or was solved too long ago."""

    code = "problem_not_known"
    field = "problem"


def told_problem(problem_id: uuid.UUID, *, at: datetime) -> KnownProblem:
    """Return the known problem if it is shown to customers at ``at``. Raises ProblemNotKnown."""
    problem = KnownProblem.objects.told(at).filter(public_id=problem_id).first()
    if problem is None:
        raise ProblemNotKnown(_("This problem is not listed any more. Tell us in your own words."))
    return problem


@transaction.atomic
def report(
    sender: Sender,
    problem: KnownProblem,
    submission: Submission,
    *,
    language: str,
    at: datetime,
    key: str = "",
) -> Receipt:
    """Store a feedback that ``sender`` has ``problem``, too, with a short default text when they wrote none.

    ``language`` is the one they read. A known person reports a problem once: a repeat returns their first
    feedback. Anonymous senders are distinguished by ``key`` only, since typing an address must not give access
    to the feedback of its owner.
    """
    if not submission.text.strip():
        wording = wording_for(problem, language)
        submission = replace(submission, text=_("Me too: %(problem)s") % {"problem": wording.title})
    once = once_for(sender, problem)
    receipt = submit(sender, submission, at=at, key=key, once=once)
    if receipt.is_new:
        join(receipt.message, problem, at=at)
    return receipt


def once_for(sender: Sender, problem: KnownProblem) -> IdempotencyKey | None:
    """Return the key that makes a known person's report unique, whatever its text; None for an anonymous sender."""
    if sender.customer is not None:
        person = f"customer:{sender.customer.pk}"
    elif sender.handle is not None and sender.handle.is_proven:
        handle = sender.handle
        person = f"{handle.kind}:{digest(f'{handle.namespace}:{handle.value}'.lower().encode())}"
    else:
        return None
    name = f"me-too:{problem.public_id.hex}:{sender.channel.pk}"
    return IdempotencyKey(name, person, digest(name.encode()))
