"""Say in the reader's language what a theme is about when its own labels do not. Pure.

Nothing is translated. ``glosses.tsv`` holds some two thousand short phrases in both languages, English before the tab.
The one that means what the theme is about is shown beside the label to readers who have none in their language, or
replaces a label that says it much worse. If no phrase is near enough there is no gloss: a wrong one would mislead.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from feedback.analysis.duplicates import contradicts
from feedback.analysis.encoder import encode_sentences, one_thread
from feedback.analysis.features import hashed
from feedback.analysis.language import identify
from feedback.analysis.sentiment import NEUTRAL, read_mood
from feedback.intake.folding import fold
from feedback.themes.phrases import says_what_happens
from feedback.themes.stop_words import BRANDS

LANGUAGES = ("en", "zh")
# Chosen by reading results (docs/model-card.md): the cosine of a label with a phrase in its own language, and with the
# middle of both phrases, which reveals a pair whose two sides do not fit together well.
_SAME_FROM = 0.76
_MIDDLE_FROM = 0.68
# Less is enough when the middle lies this near to the theme's centre: it says what many say, if not quite the label.
_SAME_WHERE_CENTRAL = 0.7
_MIDDLE_WHERE_CENTRAL = 0.64
_CENTRAL_TOO = 0.64
# A label is replaced if a phrase is this much nearer to the theme's centre, and the middle of both at least this near.
_NEARER_BY = 0.1
_CENTRAL_FROM = 0.58
# Among phrases about as near as the nearest, the shortest wins: "Cannot log in" over "Cannot log in with an email".
_AS_NEAR = 0.02
_MIDDLE = ""


def gloss(themes: Sequence[tuple[Mapping[str, str], NDArray[np.float32]]]) -> list[dict[str, str]]:
    """Return {language: gloss} for each theme, in those ``LANGUAGES`` that lack a label or have a poor one.

    Each of ``themes`` is its labels, {language: text}, the commonest first, and its centre, a unit vector (512,) of
    ``encode_sentences``. A language without a label gets the phrase pair nearest to the label and the centre together,
    provided that it says what the label says. A label far from the centre ("Without code") is replaced by the pair
    nearest to the centre, unless an earlier theme has that name. Same labels, same result.
    """
    texts = sorted({text for labels, _centre in themes for text in labels.values()})
    vectors = dict(zip(texts, encode_sentences([_nameless(text) for text in texts]), strict=True))
    taken: set[str] = set()
    found: list[dict[str, str]] = []
    with one_thread():
        for labels, centre in themes:
            own: dict[str, str] = {}
            found.append(own)
            if not labels:
                continue
            if not labels.keys() >= {*LANGUAGES}:
                own |= _for_lack_of_a_label(labels, vectors, centre)
            better = _for_a_poor_label(labels, vectors, centre)
            own |= {code: phrase for code, phrase in better.items() if phrase not in taken}
            taken |= {*own.values(), *labels.values()}
    return found


def _nameless(text: str) -> str:
    """Replace product names with "app": to the encoder they are noise."""
    words = ["app" if word.lower() in BRANDS else word for word in text.split(" ")]
    return " ".join(word for word, before in zip(words, [None, *words], strict=False) if word != before)


def _for_lack_of_a_label(
    own: Mapping[str, str], vectors: Mapping[str, NDArray[np.float32]], centre: NDArray[np.float32]
) -> dict[str, str]:
    of = phrase_vectors()
    language, text = next(iter(own.items()))
    best = int((of[_MIDDLE] @ (vectors[text] + centre)).argmax())
    pair = phrases()[best]
    same = of.get(language, of[_MIDDLE])[best] @ vectors[text]
    middle = of[_MIDDLE][best] @ vectors[text]
    is_meant = same >= _SAME_FROM and middle >= _MIDDLE_FROM
    if of[_MIDDLE][best] @ centre >= _CENTRAL_TOO:
        is_meant |= same >= _SAME_WHERE_CENTRAL and middle >= _MIDDLE_WHERE_CENTRAL
    side = language if language in LANGUAGES else "en"
    if not is_meant or not _agree(text, pair[side], vectors[text], of[side][best]):
        return {}
    if _says_more(pair[side], text, vectors[text]):
        return {}
    return {code: pair[code] for code in LANGUAGES if code not in own}


def _for_a_poor_label(
    own: Mapping[str, str], vectors: Mapping[str, NDArray[np.float32]], centre: NDArray[np.float32]
) -> dict[str, str]:
    of = phrase_vectors()
    near = of[_MIDDLE] @ centre
    if near.max() < _CENTRAL_FROM:
        return {}
    nearest = np.flatnonzero(near >= near.max() - _AS_NEAR).tolist()
    best = min(nearest, key=lambda number: (len(phrases()[number]["en"]), number))
    pair = phrases()[best]
    poor = [
        code
        for code in LANGUAGES
        if code in own and (of[code][best] - vectors[own[code]]) @ centre >= _NEARER_BY
    ]
    # The pair need not agree with the poor label, but it must agree with a good one in the other language.
    is_agreed = all(
        _agree(own[code], pair[code], vectors[own[code]], of[code][best])
        and (vectors[own[code]] - of[code][best]) @ centre < _NEARER_BY
        for code in LANGUAGES
        if code in own and code not in poor
    )
    if not is_agreed:
        return {}
    # If no label says it well, readers of the other language have no use for one either.
    of_all = poor and len(poor) == sum(code in own for code in LANGUAGES)
    return pair if of_all else {code: pair[code] for code in poor}


def _agree(
    label: str, phrase: str, label_vector: NDArray[np.float32], phrase_vector: NDArray[np.float32]
) -> bool:
    """Return whether the two neither contradict each other nor differ in praise and complaint."""
    if contradicts(label, phrase):
        return False
    worse, better = sorted([_sentiment(label, label_vector), _sentiment(phrase, phrase_vector)])
    return not (worse < -NEUTRAL and better > NEUTRAL)


def _says_more(phrase: str, label: str, label_vector: NDArray[np.float32]) -> bool:
    """Return whether ``phrase`` says what is wrong while ``label`` only names a thing: "Battery life" may be long."""
    names_only = not says_what_happens(label.lower()) and abs(_sentiment(label, label_vector)) <= NEUTRAL
    return names_only and says_what_happens(phrase.lower())


def _sentiment(text: str, vector: NDArray[np.float32]) -> float:
    folded = fold(text).text
    return read_mood(folded, vector=vector, grams=hashed(folded), language=identify(text).code).sentiment


@cache
def phrases() -> tuple[dict[str, str], ...]:
    """Return all phrase pairs, each as {language: phrase}."""
    lines = (files("feedback.themes") / "glosses.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(dict(zip(LANGUAGES, line.split("\t"), strict=True)) for line in lines)


def get_ready() -> None:
    """Load and encode what ``gloss`` needs: four to six seconds, best spent while waiting for something else."""
    for language, text in phrases()[0].items():
        gloss([({language: text}, encode_sentences([text])[0])])


@cache
def phrase_vectors() -> dict[str, NDArray[np.float32]]:
    """Return (n, 512) for each language, and their middle under ``_MIDDLE``. Three seconds, once per process."""
    of = {language: encode_sentences([pair[language] for pair in phrases()]) for language in LANGUAGES}
    between = np.add(*of.values())
    return {**of, _MIDDLE: between / np.linalg.norm(between, axis=1, keepdims=True)}
