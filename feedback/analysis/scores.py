"""Score the engine against labelled texts. Each function returns plain numbers, ready for JSON."""

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from config.kit.languages import base_of
from feedback.analysis.artifacts import model_version
from feedback.analysis.assess import Assessed, assess_many
from feedback.analysis.duplicates import SUGGESTED_FROM, similarities, similarity
from feedback.analysis.encoder import encode
from feedback.analysis.language import identify
from feedback.analysis.sentiment import NEUTRAL
from feedback.analysis.urgency import AMBER, CATEGORIES, RED

Scores = dict[str, object]
Progress = Callable[[int, int], None]

_BATCH = 256
_LANGUAGE_NAMES = {
    "chinese": "zh", "cmn": "zh", "zho": "zh", "chi": "zh", "english": "en", "eng": "en", "japanese": "ja",
    "jpn": "ja", "korean": "ko", "kor": "ko", "spanish": "es", "spa": "es", "portuguese": "pt", "por": "pt",
    "german": "de", "deu": "de", "ger": "de", "french": "fr", "fra": "fr", "fre": "fr", "arabic": "ar",
    "ara": "ar", "russian": "ru", "rus": "ru", "thai": "th", "tha": "th", "hindi": "hi", "hin": "hi",
    "indonesian": "id", "ind": "id", "vietnamese": "vi", "vie": "vi", "turkish": "tr", "tur": "tr",
    "italian": "it", "ita": "it", "dutch": "nl", "nld": "nl", "polish": "pl", "pol": "pl", "no": "nb",
    "中文": "zh", "汉语": "zh", "简体中文": "zh-Hans", "繁体中文": "zh-Hant", "繁體中文": "zh-Hant",
    "simplified chinese": "zh-Hans", "traditional chinese": "zh-Hant", "chinese simplified": "zh-Hans",
    "chinese traditional": "zh-Hant", "chinese (simplified)": "zh-Hans", "chinese (traditional)": "zh-Hant",
    "英文": "en", "英语": "en", "日文": "ja", "日语": "ja", "韩语": "ko", "ukrainian": "uk", "ukr": "uk",
    "persian": "fa", "farsi": "fa", "fas": "fa", "urdu": "ur", "urd": "ur", "bengali": "bn", "ben": "bn",
    "swedish": "sv", "swe": "sv", "greek": "el", "ell": "el", "hebrew": "he", "heb": "he", "iw": "he", "in": "id",
    "tagalog": "tl", "filipino": "tl", "fil": "tl", "malay": "ms", "msa": "ms", "unknown": "und", "": "und",
}  # fmt: skip
_NO = frozenset({"", "none", "0", "0.0", "false", "no", "否", "无"})
_ORDINARY = _NO | {
    "ordinary", "normal", "regular", "nonurgent", "non urgent", "not urgent", "harmless", "benign", "calm", "low",
    "green", "普通", "一般", "正常", "不紧急", "非紧急",
}  # fmt: skip
_URGENT = frozenset(
    {
        *CATEGORIES,
        "1",
        "1.0",
        "true",
        "yes",
        "urgent",
        "crisis",
        "critical",
        "emergency",
        "high",
        "red",
        "amber",
    }
    | {"是", "紧急", "危机"}
)
# Not the sign of a number.
_JOINT = re.compile(r"(?<=\w)[-_]")
_STAR_WORD = re.compile(r"\s*(?:stars?|星)$")
_FALSE_ALARM_SHARES = (0.002, 0.01, 0.02, 0.05)
# The share of live traffic that is urgent, for a realistic precision where half of a test set is urgent.
_URGENT_TRAFFIC = 0.01
_NEIGHBOURS_SCORED = 20_000


def _rounded(value: float | np.floating[Any]) -> float | None:
    """Round to four digits; None when undefined (a score over one class)."""
    return None if np.isnan(value) else round(float(value), 4)


def _share(part: float, whole: float) -> float | None:
    return _rounded(part / whole) if whole else None


def _assessed(texts: Sequence[str], progress: Progress) -> list[Assessed]:
    found: list[Assessed] = []
    for start in range(0, len(texts), _BATCH):
        found += assess_many(texts[start : start + _BATCH])
        progress(len(found), len(texts))
    return found


def _header(task: str, rows: int, began: float) -> Scores:
    return {
        "task": task,
        "rows": rows,
        "seconds": round(time.perf_counter() - began, 2),
        "model_version": model_version(),
    }


def language(texts: Sequence[str], labels: Sequence[str], progress: Progress) -> Scores:
    """Score language codes; a label without a script (``zh``) accepts every script (``zh-Hant``)."""
    began = time.perf_counter()
    wanted = [_language_code(label) for label in labels]
    said = [identify(text).code for text in texts]
    progress(len(texts), len(texts))
    said = [code if "-" in want else base_of(code) for code, want in zip(said, wanted, strict=True)]
    right = np.array([code == want for code, want in zip(said, wanted, strict=True)])
    per_language = {
        code: _rounded(right[[want == code for want in wanted]].mean()) for code in sorted(set(wanted))
    }
    return _header("language", len(texts), began) | {
        "accuracy": _rounded(right.mean()),
        "macro_f1": _rounded(f1_score(wanted, said, average="macro", labels=sorted(set(wanted)))),
        "per_language": per_language,
    }


def _language_code(label: str) -> str:
    code = label.strip()
    code = _LANGUAGE_NAMES.get(_folded(code), code).replace("_", "-")
    main, _, rest = code.partition("-")
    main = _LANGUAGE_NAMES.get(main.lower(), main.lower())
    rest = {"cn": "Hans", "sg": "Hans", "tw": "Hant", "hk": "Hant", "mo": "Hant"}.get(rest.lower(), rest)
    return f"{main}-{rest.title()}" if main == "zh" and rest else main


def sentiment(texts: Sequence[str], labels: Sequence[str], progress: Progress) -> Scores:
    """Score sentiment against words (positive, 负面), 0/1, stars 1-5, or a scale around 0; see ``sentiment_scale``.

    Rows without a label are left out.
    """
    began = time.perf_counter()
    labelled = [row for row, label in enumerate(labels) if label.strip()]
    if not labelled:
        raise ValueError("the label column is empty; name another one with --label")
    texts, labels = [texts[row] for row in labelled], [labels[row] for row in labelled]
    wanted, has_neutral = sentiment_scale(labels)
    said = np.array([one.sentiment for one in _assessed(texts, progress)])
    scores = _header("sentiment", len(texts), began)
    clear = wanted != 0
    if clear.any():
        scores["macro_f1"] = _rounded(f1_score(wanted[clear] > 0, said[clear] > 0, average="macro"))
        scores["accuracy"] = _rounded(((wanted[clear] > 0) == (said[clear] > 0)).mean())
        scores["auc"] = _rounded(_auc(wanted[clear] > 0, said[clear]))
        scores["clear_rows"] = int(clear.sum())
    if has_neutral:
        signs = np.where(np.abs(said) < NEUTRAL, 0, np.sign(said))
        scores["macro_f1_with_neutral"] = _rounded(f1_score(np.sign(wanted), signs, average="macro"))
    if len(set(wanted)) > 2 and said.std() > 0:
        scores["correlation"] = _rounded(float(np.corrcoef(wanted, said)[0, 1]))
        scores["mean_absolute_error"] = _rounded(float(np.abs(wanted - said).mean()))
    return scores


def sentiment_scale(labels: Sequence[str]) -> tuple[NDArray[np.float64], bool]:
    """Return the labels as -1..1, 0 for neutral, and whether any of them is neutral.

    Raises ValueError for a label that is neither a word for a sentiment nor a number.
    """
    words = {
        "positive": 1, "pos": 1, "正面": 1, "积极": 1, "正向": 1, "好评": 1, "good": 1, "content": 1,
        "negative": -1, "neg": -1, "负面": -1, "消极": -1, "负向": -1, "差评": -1, "bad": -1,
        "neutral": 0, "neu": 0, "中性": 0, "中评": 0, "mixed": 0, "none": 0,
        "true": 1, "false": -1, "joy": 1, "anger": -1, "sadness": -1, "fear": -1,
    }  # fmt: skip
    # "5 stars", "4星": keep only the number.
    plain = [_STAR_WORD.sub("", label.strip().lower()) for label in labels]
    if all(label in words for label in plain):
        return np.array([float(words[label]) for label in plain]), 0 in {words[label] for label in plain}
    try:
        numbers = np.array([float(label) for label in plain])
    except ValueError as problem:
        raise ValueError(
            f"a sentiment label is neither a known word nor a number: {problem}. Known: {', '.join(words)}; "
            "0 and 1; stars 1 to 5; numbers around 0"
        ) from problem
    if set(numbers) <= {0.0, 1.0}:
        return numbers * 2 - 1, False
    if numbers.min() < 0:
        widest = float(np.abs(numbers).max())
        return numbers / max(1.0, widest), bool((numbers == 0).any())
    low, high = (1.0, 5.0) if numbers.min() >= 1 else (0.0, float(numbers.max()))
    middle = (low + high) / 2
    return (numbers - middle) / (high - middle), bool((numbers == middle).any())


def _folded(label: str) -> str:
    """Return ``label`` with spelling variants removed: "Not-Urgent" and "not_urgent" become "not urgent"."""
    return " ".join(_JOINT.sub(" ", label.lower()).split())


def _auc(is_positive: NDArray[np.bool_], scores: NDArray[np.float64]) -> float:
    return float(roc_auc_score(is_positive, scores)) if 0 < is_positive.sum() < len(scores) else float("nan")


def urgency(texts: Sequence[str], labels: Sequence[str], progress: Progress) -> Scores:
    """Score urgency against crisis category codes, or against 1/0 and the like; ``none`` is ordinary.

    An unknown label means urgent if other rows have a word for ordinary, else ValueError is raised.

    ``lanes`` reports the fixed thresholds; ``recall_at_false_alarms`` what any threshold could reach, given
    the ordinary texts of the file.
    """
    began = time.perf_counter()
    wanted = np.array([_folded(label) for label in labels])
    is_urgent = np.array([label not in _ORDINARY for label in wanted])
    if is_urgent.all() and (unknown := sorted(set(wanted) - _URGENT)):
        raise ValueError(
            f"no row is ordinary, for none of these labels says so: {', '.join(unknown[:8])}. "
            "Label urgent rows with the seven crisis codes and the others none, or with 1 and 0"
        )
    assessed = _assessed(texts, progress)
    said = np.array([one.urgency for one in assessed])
    scores = _header("urgency", len(texts), began) | {
        "urgent_rows": int(is_urgent.sum()),
        "auc": _rounded(_auc(is_urgent, said)),
        "average_precision": _rounded(
            float(average_precision_score(is_urgent, said)) if is_urgent.any() else float("nan")
        ),
        "lanes": {
            "red": _lane_scores(is_urgent, said >= RED),
            "amber": _lane_scores(is_urgent, said >= AMBER),
            "pages": _lane_scores(is_urgent, np.array([one.pages for one in assessed])),
        },
    }
    if is_urgent.any() and not is_urgent.all():
        bars = {share: float(np.quantile(said[~is_urgent], 1 - share)) for share in _FALSE_ALARM_SHARES}
        scores["recall_at_false_alarms"] = {
            str(share): _rounded((said[is_urgent] > bar).mean()) for share, bar in bars.items()
        }
    scores |= _category_scores(assessed, wanted, said)
    return scores


def _lane_scores(is_urgent: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> Scores:
    recall = float(chosen[is_urgent].mean()) if is_urgent.any() else float("nan")
    alarms = float(chosen[~is_urgent].mean()) if not is_urgent.all() else float("nan")
    caught = recall * _URGENT_TRAFFIC
    believed = caught / (caught + alarms * (1 - _URGENT_TRAFFIC)) if caught + alarms > 0 else float("nan")
    return {
        "recall": _rounded(recall),
        "false_alarms": _rounded(alarms),
        "precision": _share((is_urgent & chosen).sum(), chosen.sum()),
        "precision_if_1_percent_urgent": _rounded(believed),
    }


def _category_scores(
    assessed: Sequence[Assessed], wanted: NDArray[np.str_], said: NDArray[np.float64]
) -> Scores:
    """Score the categories when the labels are category codes; otherwise return nothing."""
    known = {code for one in assessed for code, _ in one.categories}
    rows = [row for row, label in enumerate(wanted) if label in known]
    if not rows:
        return {}
    ranked = [[code for code, _ in assessed[row].categories] for row in rows]
    languages = Counter(base_of(one.language) for one in assessed)
    main = [language for language, count in languages.most_common() if count >= 5]
    return {
        "category_first": _rounded(
            np.mean([codes[:1] == [wanted[row]] for codes, row in zip(ranked, rows, strict=True)])
        ),
        "category_among_two": _rounded(
            np.mean([wanted[row] in codes[:2] for codes, row in zip(ranked, rows, strict=True)])
        ),
        "amber_recall_per_category": {
            code: _rounded(float((said[wanted == code] >= AMBER).mean()))
            for code in sorted(set(wanted[rows]))
        },
        "amber_recall_per_language": {
            language: _rounded(float((said[chosen] >= AMBER).mean()))
            for language in main
            if (chosen := [row for row in rows if base_of(assessed[row].language) == language])
        },
    }


def pairs(texts: Sequence[str], others: Sequence[str], labels: Sequence[str], progress: Progress) -> Scores:
    """Score duplicates given as pairs with 1 (the same) or 0."""
    began = time.perf_counter()
    same = np.array([_folded(label) not in _NO for label in labels])
    left, right = encode(texts), encode(others)
    said = np.array(
        [
            similarity(one, other, first, second)
            for one, other, first, second in zip(texts, others, left, right, strict=True)
        ]
    )
    progress(len(texts), len(texts))
    suggested = said >= SUGGESTED_FROM
    best = max(
        (float(f1_score(same, said >= bar)) for bar in np.arange(0.3, 1.0, 0.02)), default=float("nan")
    )
    return _header("duplicates", len(texts), began) | {
        "auc": _rounded(_auc(same, said)),
        "best_f1": _rounded(best),
        "suggested": {
            "threshold": SUGGESTED_FROM,
            "precision": _share((same & suggested).sum(), suggested.sum()),
            "recall": _share((same & suggested).sum(), same.sum()),
        },
    }


def duplicates(texts: Sequence[str], labels: Sequence[str], progress: Progress) -> Scores:
    """Score duplicates given as groups: texts with the same label mean the same; blank labels match nothing."""
    began = time.perf_counter()
    texts, groups = texts[:_NEIGHBOURS_SCORED], np.array(labels[:_NEIGHBOURS_SCORED])
    vectors = encode(texts)
    first, among_three, with_partner, true_pairs, suggested_pairs, both = 0, 0, 0, 0, 0, 0
    sampled: list[tuple[bool, float]] = []
    for row, text in enumerate(texts):
        closeness = similarities(text, vectors[row], texts, vectors)
        closeness[row] = -2.0
        same = (groups == groups[row]) & (groups[row] != "")
        same[row] = False
        if same.any():
            with_partner += 1
            nearest = np.argsort(-closeness, kind="stable")[:3]
            first += bool(same[nearest[0]])
            among_three += bool(same[nearest].any())
        suggested = closeness >= SUGGESTED_FROM
        true_pairs, suggested_pairs = true_pairs + int(same.sum()), suggested_pairs + int(suggested.sum())
        both += int((same & suggested).sum())
        # Every seventh pair is plenty for the area under the curve.
        sampled += [(bool(same[other]), float(closeness[other])) for other in range(row + 1, len(texts), 7)][
            :500
        ]
        if row % 500 == 0:
            progress(row, len(texts))
    progress(len(texts), len(texts))
    is_same, said = (
        (np.array(column) for column in zip(*sampled, strict=True)) if sampled else (np.zeros(0), np.zeros(0))
    )
    return _header("duplicates", len(texts), began) | {
        "rows_with_a_partner": with_partner,
        "partner_first": _share(first, with_partner),
        "partner_among_three": _share(among_three, with_partner),
        "auc": _rounded(_auc(is_same.astype(bool), said) if len(said) else float("nan")),
        "suggested": {
            "threshold": SUGGESTED_FROM,
            "precision": _share(both, suggested_pairs),
            "recall": _share(both, true_pairs),
        },
    }
