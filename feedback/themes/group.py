"""Group and name a list of texts in one call: what ``manage.py themes`` and ``evaluate themes`` run. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.encoder import encode_gist, encode_sentences
from feedback.analysis.language import identify
from feedback.themes.cluster import OTHER, cluster, largest_first
from feedback.themes.labels import Label, label_themes, reader_label
from feedback.themes.praise import join_praise

_LONGEST = 2_000


@dataclass(frozen=True)
class Grouping:
    """The theme of each text, (n,), -1 for none, and the labels of each theme."""

    themes: NDArray[np.int64]
    labels: dict[int, list[Label]]

    def label_of(self, theme: int, language: str = "") -> str:
        """Return the name of ``theme`` for a reader of ``language``; "" for the texts that have none."""
        return "" if theme == OTHER else reader_label(self.labels[theme], language)


def group(texts: Sequence[str], *, seed: int = 0) -> Grouping:
    """Encode, cluster and name ``texts``; any number of them, blank ones included. Same texts, same answer.

    Of a text longer than 2,000 characters only the beginning is read.
    """
    read = [text[:_LONGEST] for text in texts]
    vectors = encode_gist(read)
    languages = [identify(text).code for text in read]
    themes = largest_first(
        join_praise(cluster(read, vectors, languages=languages, seed=seed), read, languages)
    )
    return Grouping(themes, label_themes(read, vectors, themes, languages, encode=encode_sentences))
