"""Assess the messages of the demo's customers. Pure, so that a second process can do it without Django."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.assess import Assessed, Company, Context, assess_many, times_said
from tickets.demo.corpus import Case


def said(case: Case) -> list[str]:
    """Return the texts of the customer's messages in ``case``, in order."""
    return [step.text for step in case.steps if step.does == "say"]


def assess_cases(cases: Sequence[Case]) -> list[list[Assessed]]:
    """Assess all messages of ``cases`` in one batch, each with regard to those before it in its case."""
    texts, contexts, earlier = [], [], []
    for case in cases:
        words = said(case)
        for number, text in enumerate(words):
            headline = case.headline if number == 0 and case.headline not in text else ""
            texts.append(f"{headline}\n{text}" if headline else text)
            contexts.append(Context(is_minor=case.person.is_minor and not case.is_anonymous))
            earlier.append(number)

    def compare(
        vectors: Sequence[NDArray[np.float32] | None], might_be_urgent: Sequence[bool]
    ) -> list[Company]:
        return [
            Company(times_said(vectors[place], vectors[place - count : place]))
            for place, count in enumerate(earlier)
        ]

    readings = iter(assess_many(texts, contexts=contexts, compare=compare))
    return [list(islice(readings, len(said(case)))) for case in cases]
