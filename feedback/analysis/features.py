"""Count the letter sequences and words of a message: what the encoder cannot see (negation, names, misspellings).

Training and prediction share this function, and buckets are CRC-32, so a model works the same on every machine.
"""

import re
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 15

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]+(?:'[^\W\d_]+)?")
_NUMBER = re.compile(r"\d+")
_MARK = re.compile(r"[!?！？]+|[^\w\s\u0000-\u007f，。、；：“”‘’（）《》【】…—·]")
_LONGEST = 2_000


def _grams(text: str) -> set[str]:
    grams: set[str] = set()
    for run in _HAN_RUN.findall(text):
        grams.update(run)
        grams.update(run[i : i + 2] for i in range(len(run) - 1))
        grams.update(run[i : i + 3] for i in range(len(run) - 2))
    words = _WORD.findall(text)
    grams.update("w:" + word for word in words)
    grams.update(f"w:{first} {second}" for first, second in pairwise(words))
    for word in words:
        marked = f"<{word}>"
        if len(word) > 3:
            grams.update(marked[i : i + 4] for i in range(len(marked) - 3))
    if _NUMBER.search(text):
        grams.add("n:")
    grams.update("m:" + mark[0].translate(_SAME_MARK) for mark in _MARK.findall(text))
    return grams


_SAME_MARK = str.maketrans("！？", "!?")


def hashed(text: str) -> NDArray[np.int64]:
    """Return the sorted distinct bucket numbers (0 <= n < ``BUCKETS``) of the grams of folded ``text``.

    The text is represented by the unit vector with equal weight in each of these buckets.
    """
    return _hashed(text[:_LONGEST])


# A message of one sentence is requested twice, as a message and as a sentence.
@lru_cache(maxsize=16)
def _hashed(text: str) -> NDArray[np.int64]:
    buckets = {crc32(gram.encode("utf-8", "surrogatepass")) % BUCKETS for gram in _grams(text)}
    found = np.array(sorted(buckets), dtype=np.int64)
    found.flags.writeable = False
    return found


def project(buckets: NDArray[np.int64], weights: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return ``weights`` (k, BUCKETS) times the unit vector of a text's ``buckets``: (k,), zeros without grams."""
    if not len(buckets):
        return np.zeros(len(weights))
    return weights[:, buckets].sum(axis=1, dtype=np.float64) / np.sqrt(len(buckets))
