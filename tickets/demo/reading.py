"""Assess what the demo's customers say. Pure, so that a second process can do it without Django."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.assess import SAME_MATTER, Assessed, Company, Context, assess_many
from tickets.demo.corpus import Case


def said(case: Case) -> list[str]:
    """Return what the customer of ``case`` says, in order."""
    return [step.text for step in case.steps if step.does == "say"]


def assess_cases(cases: Sequence[Case]) -> list[list[Assessed]]:
    """Assess every message of ``cases`` in one batch, each with what came before it in its case."""
    texts, contexts = [], []
    for case in cases:
        words = said(case)
        for number, text in enumerate(words):
            headline = case.headline if number == 0 and case.headline not in text else ""
            texts.append(f"{headline}\n{text}" if headline else text)
            contexts.append(
                Context(
                    is_minor=case.person.is_minor and not case.is_anonymous,
                    thread_texts=tuple(words[:number]),
                )
            )

    def compare(
        vectors: Sequence[NDArray[np.float32] | None], might_be_urgent: Sequence[bool]
    ) -> list[Company]:
        return [
            Company(_times_before(vectors[place - len(context.thread_texts) : place + 1]))
            for place, context in enumerate(contexts)
        ]

    readings = iter(assess_many(texts, contexts=contexts, compare=compare))
    return [list(islice(readings, len(said(case)))) for case in cases]


def _times_before(vectors: Sequence[NDArray[np.float32] | None]) -> int:
    """Return how many of a person's messages report what the last of them does, itself left out."""
    *earlier, last = vectors
    if last is None:
        return 0
    return sum(vector is not None and float(vector @ last) >= SAME_MATTER for vector in earlier)
