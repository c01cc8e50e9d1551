"""Group messages by what they are about: a graph of nearest neighbours, cut into communities.

Pure: numpy, scipy, scikit-network; neither Django nor the database.

The steps: identical texts become one node; each node is joined with its nearest ones (``graph``); Leiden finds
communities, too many rather than too few; those that say the same are joined again, and diffuse ones are divided;
communities that cannot be named are left out (``noise``); small ones go to the theme they resemble, or to none.
"""

import ctypes
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sknetwork.clustering import Leiden, Louvain

from config.kit.languages import base_of
from feedback.analysis.encoder import one_thread
from feedback.themes.beside import shared
from feedback.themes.centres import OTHER, Vectors, mean_cosines, theme_centres
from feedback.themes.graph import LOWEST_COSINE, build_graph
from feedback.themes.noise import unreadable
from feedback.themes.sampling import assign, sample
from feedback.themes.words import clean, script_language, words

SAMPLE_ABOVE = 100_000

# Two communities are one theme when their centres, seen from the mean of all messages, are this similar and some of
# the graph's weight runs between them.
_SAME_CENTRE = 0.55
_SAME_CUT = 0.1
# Ties are decided by chance; what several runs agree on survives when a message is added or missing. Louvain is as
# consistent as Leiden in a third of the time; only the last cut needs communities that are connected.
_RUNS = 6
# A large community whose messages are this unlike is not a theme but "everything that is broken": next to a lot of
# praise all complaints look alike. It is divided again, on its own.
_DIFFUSE_COSINE = 0.3
_DIFFUSE_FROM = 150
_DIFFUSE_SHARE = 0.05
_DIFFUSE_ROUNDS = 2


def cluster(
    texts: Sequence[str],
    vectors: Vectors,
    *,
    languages: Sequence[str] | None = None,
    strata: NDArray[np.int64] | None = None,
    always: NDArray[np.bool_] | None = None,
    seed: int = 0,
) -> NDArray[np.int64]:
    """Group messages by what they are about, whatever their language.

    ``vectors`` is (n, d), each row of length 1; ``languages`` are codes such as ``zh`` (guessed from the script when
    None). Returns (n,): each message's group, 0 the largest, ``OTHER`` (-1) for texts without a word and for
    messages that belong nowhere. Same data, same groups, whatever the order of the messages. Any n, zero included.
    Above ``SAMPLE_ABOVE`` different texts a sample of them is grouped and the rest assigned; it is drawn evenly from
    each of ``strata`` (n,), by default the languages, and contains all messages marked in ``always`` (n,).
    Raises ValueError when the lengths differ.
    """
    if len(texts) != len(vectors):
        raise ValueError(f"{len(texts)} texts, {len(vectors)} vectors")
    groups = np.full(len(texts), OTHER, np.int64)
    unique, node = _nodes(texts)
    if not unique:
        return groups
    kept = np.flatnonzero(node >= 0)
    first = kept[np.unique(node[kept], return_index=True)[1]]
    sizes = np.bincount(node[kept])
    if languages is None:
        spoken = np.array([script_language(text) for text in unique])
    else:
        spoken = np.array([base_of(languages[row]) for row in first])
    wanted = np.zeros(len(unique), bool) if always is None else np.bincount(node[kept], always[kept]) > 0
    chosen = sample(spoken if strata is None else strata[first], most=SAMPLE_ABOVE, seed=seed, always=wanted)
    grouped = vectors[first[chosen]].astype(np.float32)

    # With the library's own threads the last digit of a sum would differ from machine to machine.
    with one_thread():
        found = _communities(
            [unique[row] for row in chosen.tolist()], grouped, spoken[chosen], sizes[chosen], seed
        )
        settled = settle(grouped, found, sizes[chosen])
        # Unreadable texts resemble everything a little; they belong nowhere.
        settled[found == OTHER] = OTHER
        community = np.full(len(unique), OTHER, np.int64)
        community[chosen] = settled
        rest = np.setdiff1d(np.arange(len(unique)), chosen, assume_unique=True)
        if len(rest):
            community[rest] = assign(vectors, first[rest], grouped, settled, seed=seed)
    groups[kept] = largest_first(community[node[kept]])
    return groups


def _nodes(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """Return the distinct texts that contain a word, and (n,) which of them each text is, ``OTHER`` for none.

    One node per text: a slogan sent a thousand times must not fill every text's list of neighbours. The texts are
    sorted, so that the order of the messages does not matter.
    """
    spelling = [clean(text) for text in texts]
    unique = sorted({text for text in spelling if any(map(str.isalnum, text))})
    number = {text: place for place, text in enumerate(unique)}
    return unique, np.array([number.get(text, OTHER) for text in spelling], np.int64)


def _communities(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    languages: NDArray[np.str_],
    messages: NDArray[np.int64],
    seed: int,
) -> NDArray[np.int64]:
    """Return the community of each node, numbered from 0, small ones included; ``OTHER`` for unreadable ones.

    ``messages`` is the number of messages each node stands for.
    """
    spoken = shared(words, texts, of=len(texts))
    graph = build_graph(spoken, vectors, languages, seed=seed)
    if not graph.nnz:
        return np.arange(len(texts))
    # The more messages, the finer the cut: modularity cannot see small communities in a large graph.
    # Among a handful of messages it would make each one a theme.
    resolution = float(np.clip(len(texts) / 8_000, 3, 25)) * min(1.0, len(texts) / 50)
    entries = graph.tocoo()
    run = partial(_louvain, graph, resolution)
    together = np.zeros(graph.nnz, np.int8)
    for found in shared(run, range(seed, seed + _RUNS), of=len(texts)):
        together += found[entries.row] == found[entries.col]
    agreement = together / _RUNS
    agreed = sparse.csr_matrix((entries.data * agreement, (entries.row, entries.col)), shape=graph.shape)
    agreed.eliminate_zeros()
    community = join_similar(graph, vectors, _leiden(agreed, resolution, seed))
    community = divide_diffuse(graph, vectors, community, seed=seed)
    community[unreadable(spoken, vectors, languages, community, messages)] = OTHER
    return community


def _louvain(graph: sparse.csr_matrix, resolution: float, seed: int) -> NDArray[np.int32]:
    louvain = Louvain(resolution=resolution, shuffle_nodes=True, random_state=seed)
    return louvain.fit_predict(graph).astype(np.int32)


def _leiden(graph: sparse.csr_matrix, resolution: float, seed: int) -> NDArray[np.int64]:
    if not graph.nnz:
        return np.arange(graph.shape[0])
    # scikit-network passes its random_state to the shuffling only; the refinement draws from C's rand().
    ctypes.CDLL(None).srand(seed)
    leiden = Leiden(resolution=resolution, shuffle_nodes=True, random_state=seed)
    return leiden.fit_predict(graph).astype(np.int64)


def join_similar(
    graph: sparse.csr_matrix, vectors: NDArray[np.float32], community: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Join communities that are one theme, the most alike first; return (n,) with new numbers from 0.

    Modularity depends on the size of the whole graph: in a small month it cuts one complaint into three. This compares
    two communities on their own: the mean cosine between them against the mean within each, both centred on the mean
    of all messages, and the share of their weight that runs between them.
    """
    count = int(community.max()) + 1
    member = sparse.csr_matrix((np.ones(len(community), np.float32), (np.arange(len(community)), community)))
    weight = np.asarray((member.T @ graph @ member).todense(), dtype=np.float64)
    centred = vectors - vectors.mean(axis=0)
    sums = (member.T @ centred).astype(np.float64)
    squares = member.T @ np.square(centred).sum(axis=1, dtype=np.float64)
    sizes = np.asarray(member.sum(axis=0), dtype=np.float64).ravel()
    product = sums @ sums.T
    name = np.arange(count)
    alive = np.ones(count, bool)
    likeness = np.stack([_likeness(row, weight, product, squares, sizes) for row in range(count)])
    while count > 1:
        one, two = divmod(int(np.argmax(likeness)), count)
        if likeness[one, two] < 1:
            break
        for matrix in (weight, product):
            matrix[one] += matrix[two]
            matrix[:, one] += matrix[:, two]
            matrix[two] = matrix[:, two] = 0
        squares[one] += squares[two]
        sizes[one] += sizes[two]
        alive[two] = False
        name[name == two] = one
        likeness[one] = _likeness(one, weight, product, squares, sizes)
        likeness[one, ~alive] = 0
        likeness[:, one] = likeness[one]
        likeness[two] = likeness[:, two] = 0
    return np.unique(name[community], return_inverse=True)[1]


def _likeness(
    row: int,
    weight: NDArray[np.float64],
    product: NDArray[np.float64],
    squares: NDArray[np.float64],
    sizes: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how alike community ``row`` and every other one are; from 1 on they are one theme."""
    own = np.diag(product)
    within = np.where(sizes > 1, (own - squares) / np.maximum(sizes * (sizes - 1), 1), own)
    within = np.maximum(within, 1e-3)
    between = product[row] / np.maximum(sizes[row] * sizes, 1)
    inner = np.diag(weight)
    cut = weight[row]
    with np.errstate(divide="ignore", invalid="ignore"):
        centre = between / np.sqrt(within[row] * within)
        share = np.where(cut > 0, cut / (inner[row] + cut) + cut / (inner + cut), 0)
    alike = np.minimum(centre / _SAME_CENTRE, share / _SAME_CUT)
    alike[row] = 0
    return alike


def divide_diffuse(
    graph: sparse.csr_matrix, vectors: NDArray[np.float32], community: NDArray[np.int64], *, seed: int
) -> NDArray[np.int64]:
    """Divide large communities whose messages are unlike; parts that are alike among themselves stay together."""
    divided = community.copy()
    least = max(_DIFFUSE_FROM, _DIFFUSE_SHARE * len(community))
    for _ in range(_DIFFUSE_ROUNDS):
        sizes = np.bincount(divided)
        following = len(sizes)
        diffuse = (sizes >= least) & (mean_cosines(vectors, divided) < _DIFFUSE_COSINE)
        for number in np.flatnonzero(diffuse):
            rows = np.flatnonzero(divided == number)
            inner = graph[rows][:, rows].tocsr()
            parts = join_similar(inner, vectors[rows], _leiden(inner, 1.0, seed))
            divided[rows[parts > 0]] = following + parts[parts > 0] - 1
            following += int(parts.max())
        if following == len(sizes):
            break
    return divided


def smallest_theme(messages: int) -> int:
    """Return how many of ``messages`` make a theme: 1 of 5, 3 of 100, 6 of 1,000, 18 of 100,000."""
    return max(1, round(messages**0.25))


def settle(
    vectors: Vectors,
    community: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Move the nodes of too small communities, and those without one, to the theme they resemble, or to ``OTHER``.

    ``sizes`` is (n,): how many messages each node stands for. A node resembles a theme when its cosine with the theme's
    centre reaches the 3rd percentile of the theme's own members.
    """
    known = community >= 0
    if not known.any():
        return community
    volume = np.bincount(community[known], weights=sizes[known])
    big = volume >= smallest_theme(int(sizes.sum()))
    settled = np.full(len(community), OTHER, np.int64)
    inside = known.copy()
    inside[known] = big[community[known]]
    settled[inside] = community[inside]
    stray = np.flatnonzero(~inside)
    if not inside.any() or not len(stray):
        return settled
    numbers, member = np.unique(settled[inside], return_inverse=True)
    members = vectors[inside].astype(np.float32)
    centres = theme_centres(members, member)
    own = np.concatenate(
        [
            np.einsum("nd,nd->n", members[block], centres[member[block]])
            for block in np.array_split(np.arange(len(member)), len(member) // 10_000 + 1)
        ]
    )
    del members
    order = np.lexsort((own, member))
    start = np.searchsorted(member[order], np.arange(len(numbers)))
    floor = own[order][start + np.bincount(member) * 3 // 100]
    for block in np.array_split(stray, max(1, len(stray) // 10_000)):
        cosine = vectors[block] @ centres.T
        best = cosine.argmax(axis=1)
        fits = cosine[np.arange(len(block)), best] >= np.maximum(floor[best], LOWEST_COSINE)
        settled[block] = np.where(fits, numbers[best], OTHER)
    return settled


def largest_first(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Renumber the groups by descending size, ties by the lower old number; ``OTHER`` stays."""
    known = groups >= 0
    if not known.any():
        return groups
    numbers, member = np.unique(groups[known], return_inverse=True)
    place = np.empty(len(numbers), np.int64)
    place[np.argsort(-np.bincount(member), kind="stable")] = np.arange(len(numbers))
    ordered = groups.copy()
    ordered[known] = place[member]
    return ordered
