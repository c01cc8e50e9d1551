"""Group and name a list of texts in one call, as ``manage.py themes`` and ``evaluate themes`` do. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.encoder import encode_gist, encode_sentences
from feedback.analysis.language import identify
from feedback.themes.centres import OTHER, theme_centres
from feedback.themes.cluster import cluster, largest_first
from feedback.themes.glosses import gloss
from feedback.themes.labels import Label, by_language, reader_label
from feedback.themes.naming import label_themes
from feedback.themes.praise import join_praise

_LONGEST = 2_000


@dataclass(frozen=True)
class Grouping:
    """The theme of each text, (n,), -1 for none, the labels of each theme, and its glosses if requested."""

    themes: NDArray[np.int64]
    labels: dict[int, list[Label]]
    glosses: dict[int, dict[str, str]]

    def label_of(self, theme: int, language: str = "") -> str:
        """Return the name of ``theme`` for a reader of ``language``; "" for -1, the texts without a theme."""
        if theme == OTHER:
            return ""
        return reader_label(by_language(self.labels[theme]), language, glosses=self.glosses.get(theme))


def group(texts: Sequence[str], *, seed: int = 0, is_glossed: bool = False) -> Grouping:
    """Encode, cluster and name ``texts``; any number of them, blank ones included. Same texts, same result.

    Only the first 2,000 characters of a text are read. Glosses for readers of another language take three seconds, once
    per process.
    """
    read = [text[:_LONGEST] for text in texts]
    vectors = encode_gist(read)
    languages = [identify(text).code for text in read]
    themes = largest_first(
        join_praise(cluster(read, vectors, languages=languages, seed=seed), read, languages)
    )
    labels = label_themes(read, vectors, themes, languages, encode=encode_sentences)
    return Grouping(themes, labels, _glosses(labels, vectors, themes) if is_glossed else {})


def _glosses(
    labels: dict[int, list[Label]], vectors: NDArray[np.float32], themes: NDArray[np.int64]
) -> dict[int, dict[str, str]]:
    # Every theme has labels, and themes are numbered without gaps.
    named = [by_language(own) for own in labels.values()]
    return dict(
        zip(labels, gloss(list(zip(named, theme_centres(vectors, themes), strict=True))), strict=True)
    )
