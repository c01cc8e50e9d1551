"""Join each text with those nearest to it: by sentence vector, and by the rare words they share.

Pure: numpy and scipy only.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from feedback.themes.neighbours import nearest, on_all_cores

_NEIGHBOURS = 30
_KEPT = 15
#: Two texts with a lower cosine are not near at all.
LOWEST_COSINE = 0.4
# Among few messages the nearest is farther away: up to ``_FEW`` are joined at a cosine lower by ``_LOWER_BY``, from
# ``_MANY`` on none are.
_FEW, _MANY = 300, 1_000
_LOWER_BY = 0.05
_LEXICAL_WEIGHT = 0.5
#: The exponent of a score: twice as near weighs two to this power as much.
POWER = 4
_WIDEST_LANGUAGE_GAP = 0.15


def build_graph(
    spoken: Sequence[Sequence[str]],
    vectors: NDArray[np.float32],
    languages: NDArray[np.str_],
    *,
    seed: int = 0,
) -> sparse.csr_matrix:
    """Join each text with its nearest ones; return the symmetric (n, n) matrix of weights, 0..about 5.

    ``spoken`` are the words of each text, ``vectors`` (n, d) of length 1, ``languages`` (n,) main codes.

    Weight = (cosine of vectors + half the cosine of tf-idf) to the fourth. Texts in two languages share no words: such
    a pair gets the mean tf-idf cosine of the other pairs, and the distance that the encoder puts between languages is
    added back, so that the pair is neither penalised nor preferred.
    """
    rows = len(spoken)
    if rows < 2:
        return sparse.csr_matrix((rows, rows), dtype=np.float32)
    indices, cosines = nearest(vectors, count=_NEIGHBOURS, seed=seed)
    lexical = _lexical(spoken, indices)
    near = cosines >= _lowest_cosine(rows)
    same = (languages[:, None] == languages[indices]) & near
    across = near & ~same
    lexical = np.where(same, lexical, lexical[same].mean() if same.any() else 0)
    score = cosines + _LEXICAL_WEIGHT * lexical + across * _language_gap(cosines, same, across)
    score = np.where(near, score, 0)
    best = np.argsort(-score, axis=1, kind="stable")[:, :_KEPT]
    weight = np.take_along_axis(score, best, axis=1).ravel() ** POWER
    row = np.repeat(np.arange(rows), best.shape[1])
    column = np.take_along_axis(indices, best, axis=1).ravel()
    joined = weight > 0
    graph = sparse.csr_matrix((weight[joined], (row[joined], column[joined])), shape=(rows, rows))
    return graph.maximum(graph.T).tocsr()


def _lowest_cosine(rows: int) -> float:
    """Return the lowest cosine that joins two of ``rows`` texts: .35 up to 300, .4 from 1,000 on, linear between."""
    return LOWEST_COSINE - _LOWER_BY * float(np.clip((_MANY - rows) / (_MANY - _FEW), 0, 1))


def _language_gap(cosines: NDArray[np.float32], same: NDArray[np.bool_], across: NDArray[np.bool_]) -> float:
    """Return how much farther the nearest text in another language is than the nearest in the same one, 0..0.15.

    The median over texts that have both. If languages are about different things, the cap keeps the error harmless.
    """
    own = np.where(same, cosines, 0).max(axis=1)
    other = np.where(across, cosines, 0).max(axis=1)
    both = (own > 0) & (other > 0)
    return float(np.clip(np.median(own[both] - other[both]), 0, _WIDEST_LANGUAGE_GAP)) if both.any() else 0.0


def _lexical(spoken: Sequence[Sequence[str]], indices: NDArray[np.int32]) -> NDArray[np.float32]:
    """Return (n, k): the tf-idf cosine of each text with each of its neighbours."""
    matrix = tf_idf(spoken)
    cosines = np.zeros(indices.shape, np.float32)

    def compare(place: int) -> None:
        cosines[:, place] = np.asarray(matrix.multiply(matrix[indices[:, place]]).sum(axis=1)).ravel()

    on_all_cores(compare, range(indices.shape[1]))
    return cosines


def tf_idf(spoken: Sequence[Sequence[str]]) -> sparse.csr_matrix:
    """Return (n, words): 1 + log of each word's count in a text, times its rarity, each row of length 1.

    A text without words has zeros. The same as scikit-learn's ``TfidfVectorizer(sublinear_tf=True)``, which takes a
    second and 50 MB to import in each of our processes.
    """
    number = {word: place for place, word in enumerate(sorted({word for own in spoken for word in own}))}
    columns = [number[word] for own in spoken for word in own]
    starts = np.cumsum([0, *map(len, spoken)])
    shape = (len(spoken), len(number))
    matrix = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=shape)
    matrix.sum_duplicates()
    holding = np.bincount(matrix.indices, minlength=len(number))
    rarity = (np.log((1 + len(spoken)) / (1 + holding)) + 1).astype(np.float32)
    matrix.data = (1 + np.log(matrix.data)) * rarity[matrix.indices]
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1, dtype=np.float64))
    matrix.data /= np.repeat(np.asarray(lengths).ravel(), np.diff(matrix.indptr))
    return matrix
