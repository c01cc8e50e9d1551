"""Assess what the demo's customers say. Pure, so that a second process can do it without Django."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from feedback.analysis.assess import Assessed, Context, assess_many
from tickets.demo.corpus import Case


def said(case: Case) -> list[str]:
    """Return what the customer of ``case`` says, in order."""
    return [step.text for step in case.steps if step.does == "say"]


def assess_cases(cases: Sequence[Case]) -> list[list[Assessed]]:
    """Assess every message of ``cases`` in one batch, each with what came before it."""
    texts, contexts = [], []
    for case in cases:
        words = said(case)
        for number, text in enumerate(words):
            headline = case.headline if number == 0 and case.headline not in text else ""
            texts.append(f"{headline}\n{text}" if headline else text)
            contexts.append(
                Context(
                    times_reported_before=number,
                    is_minor=case.person.is_minor and not case.is_anonymous,
                    thread_texts=tuple(words[:number]),
                )
            )
    readings = iter(assess_many(texts, contexts=contexts))
    return [list(islice(readings, len(said(case)))) for case in cases]
