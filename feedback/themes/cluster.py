"""Group messages by what they are about: a graph of nearest neighbours, cut into communities.

Pure: numpy, scipy, scikit-network; neither Django nor the database.

The steps, each a function below: identical texts become one node; the nearest nodes by sentence vector are joined,
stronger where they also share rare words; Leiden finds communities, rather too fine; communities that say the same
are joined again; what is left small goes to the theme it resembles or stays "other" (-1).
"""

import ctypes
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sknetwork.clustering import Leiden, Louvain

from feedback.analysis.encoder import one_thread
from feedback.themes.beside import shared
from feedback.themes.neighbours import Index, Vectors, nearest, on_all_cores, sums_by
from feedback.themes.stop_words import stop_words
from feedback.themes.words import clean, script_language, words

OTHER = -1
SAMPLE_ABOVE = 100_000

_NEIGHBOURS = 30
_KEPT = 15
_LOWEST_COSINE = 0.4
_LEXICAL_WEIGHT = 0.5
_POWER = 4
_WIDEST_LANGUAGE_GAP = 0.15
# Two communities are one theme when their centres, seen from the mean of all messages, are this similar and some of
# the graph's weight runs between them.
_SAME_CENTRE = 0.5
_SAME_CUT = 0.1
# Ties are decided by chance; what several runs agree on is kept when a message more or less comes in. Louvain agrees
# with itself as often as Leiden at a third of the time; only the last cut needs communities that hang together.
_RUNS = 6
# Of more texts than are grouped each goes where so many of those are that it is nearest to.
_VOTERS = 10
_ASSIGNED_AT_ONCE = 100_000
# A large community whose messages are this unlike is no theme but "everything that is broken": beside a crowd of
# praise all complaints look alike. It is divided once more, by itself.
_DIFFUSE_COSINE = 0.3
_DIFFUSE_FROM = 150
_DIFFUSE_SHARE = 0.05
_DIFFUSE_ROUNDS = 2
# A community of this many messages in which no word is used by an eighth, and whose mean cosine is low, is what the
# encoder cannot read (names, an unknown language, keyboard noise): nobody could name it.
_NAMED_FROM = 20
_NAMED_COVERAGE = 0.12
_NAMED_COSINE = 0.42
# So is one that speaks mostly in words that hardly anybody else of its language uses, once many have spoken.
_FAMILIAR_SHARE = 0.4
_FAMILIAR_FROM = 1_000
_FAMILIAR_SIZE = 5
# And one whose words are mostly everybody's can be read, though all of them be "good" and "wow".
_PLAIN_SHARE = 0.6


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
    messages that belong nowhere. Same data, same groups, in whatever order the messages come. Any n, zero included.
    Above ``SAMPLE_ABOVE`` different texts a sample of them is grouped and the rest assigned; it is drawn evenly from
    each of ``strata`` (n,), by default the languages, and holds all messages of ``always`` (n,).
    Raises ValueError when the lengths differ.
    """
    if len(texts) != len(vectors):
        raise ValueError(f"{len(texts)} texts, {len(vectors)} vectors")
    # One node per text: a slogan sent a thousand times must not fill everybody's list of neighbours.
    # The nodes are sorted by their text, so the order of the messages cannot matter.
    spelling = [clean(text) for text in texts]
    unique = sorted({text for text in spelling if any(map(str.isalnum, text))})
    groups = np.full(len(texts), OTHER, np.int64)
    if not unique:
        return groups
    number = {text: place for place, text in enumerate(unique)}
    node = np.array([number.get(text, OTHER) for text in spelling], np.int64)
    del spelling, number
    kept = np.flatnonzero(node >= 0)
    first = kept[np.unique(node[kept], return_index=True)[1]]
    sizes = np.bincount(node[kept])
    if languages is None:
        spoken = np.array([script_language(text) for text in unique])
    else:
        spoken = np.array([languages[row].lower().partition("-")[0] for row in first])
    wanted = np.zeros(len(unique), bool) if always is None else np.bincount(node[kept], always[kept]) > 0
    chosen = sample(spoken if strata is None else strata[first], most=SAMPLE_ABOVE, seed=seed, always=wanted)
    grouped = vectors[first[chosen]].astype(np.float32)

    # With the library's own threads a sum would differ in its last digit from machine to machine.
    with one_thread():
        found = _communities(
            [unique[row] for row in chosen.tolist()], grouped, spoken[chosen], sizes[chosen], seed
        )
        settled = settle(grouped, found, sizes[chosen])
        # What nobody can read resembles anything a little; it belongs nowhere.
        settled[found == OTHER] = OTHER
        community = np.full(len(unique), OTHER, np.int64)
        community[chosen] = settled
        rest = np.setdiff1d(np.arange(len(unique)), chosen, assume_unique=True)
        if len(rest):
            community[rest] = assign(vectors, first[rest], grouped, settled, seed=seed)
    groups[kept] = largest_first(community[node[kept]])
    return groups


def assign(
    vectors: Vectors,
    rows: NDArray[np.int64],
    grouped: NDArray[np.float32],
    groups: NDArray[np.int64],
    *,
    seed: int,
) -> NDArray[np.int64]:
    """Return for each of ``rows`` of ``vectors`` the group that its nearest ``grouped`` ones have, by vote.

    ``groups`` (k,) are theirs. Each votes by its nearness as in the graph, ``OTHER`` too; what is near nothing is
    ``OTHER``. Of labelled texts more go where grouping all together puts them than by the nearest centre.
    """
    index = Index(grouped, seed=seed)
    count = int(groups.max(initial=OTHER)) + 2
    assigned = []
    for start in range(0, len(rows), _ASSIGNED_AT_ONCE):
        queries = vectors[rows[start : start + _ASSIGNED_AT_ONCE]].astype(np.float32)
        nearest_ones, cosines = index.nearest(queries, count=_VOTERS)
        weights = np.where(cosines >= _LOWEST_COSINE, cosines, 0) ** _POWER
        for voters, weight in zip(
            np.array_split(nearest_ones, len(queries) // 10_000 + 1),
            np.array_split(weights, len(queries) // 10_000 + 1),
            strict=True,
        ):
            ballot = groups[voters] + 1 + count * np.arange(len(voters))[:, None]
            votes = np.bincount(ballot.ravel(), weight.ravel(), minlength=count * len(voters))
            assigned.append(votes.reshape(-1, count).argmax(axis=1) - 1)
    return np.concatenate(assigned)


def sample(
    strata: NDArray[Any], *, most: int, seed: int, always: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Return the sorted numbers of at most ``most`` rows, drawn evenly from each stratum, all rows when they fit.

    Each gets places by its size, a small one at least so many that a rare language or channel is not thinned away.
    Rows in ``always`` (n,) come first.
    """
    rows = len(strata)
    if rows <= most:
        return np.arange(rows)
    certain = np.zeros(rows, bool) if always is None else always
    generator = np.random.default_rng(seed)
    if certain.sum() >= most:
        return np.sort(generator.choice(np.flatnonzero(certain), most, replace=False))
    most -= int(certain.sum())
    number = np.unique(strata, return_inverse=True)[1]
    sizes = np.bincount(number[~certain], minlength=int(number.max()) + 1)
    quota = _quotas(sizes, most)
    drawn = [np.flatnonzero(certain)]
    # In a random order, then by stratum: the first ones of each are drawn.
    order = generator.permutation(np.flatnonzero(~certain))
    order = order[np.argsort(number[order], kind="stable")]
    for end, size, count in zip(np.cumsum(sizes).tolist(), sizes.tolist(), quota.tolist(), strict=True):
        drawn.append(order[end - size : end - size + count])
    return np.sort(np.concatenate(drawn))


def _quotas(sizes: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Deal ``most`` places, fewer than the sum of ``sizes``, to strata by their size: together at most so many.

    A tenth of the places, in equal parts, is what each can count on.
    """
    least = np.minimum(sizes, most // (10 * len(sizes)))
    raised = np.zeros(len(sizes), bool)
    while True:
        share = (most - least[raised].sum()) / sizes[~raised].sum()
        poor = ~raised & (share * sizes < least)
        if not poor.any():
            return np.where(raised, least, (share * sizes).astype(np.int64))
        raised |= poor


def _communities(
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    languages: NDArray[np.str_],
    messages: NDArray[np.int64],
    seed: int,
) -> NDArray[np.int64]:
    """Return the community of each node, numbered from 0, small ones still among them; ``OTHER`` for the unreadable.

    ``messages`` says how many each node stands for.
    """
    spoken = shared(words, texts, of=len(texts))
    graph = build_graph(spoken, vectors, languages, seed=seed)
    if not graph.nnz:
        return np.arange(len(texts))
    # The more messages, the finer the cut: modularity cannot see small communities in a large graph.
    # Of a handful it would make each a theme of its own.
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


def build_graph(
    spoken: Sequence[Sequence[str]],
    vectors: NDArray[np.float32],
    languages: NDArray[np.str_],
    *,
    seed: int = 0,
) -> sparse.csr_matrix:
    """Join each text with its nearest ones; return the symmetric (n, n) matrix of weights, 0..about 5.

    ``spoken`` are the words of each text.

    Weight = (cosine of vectors + half the cosine of tf-idf) to the fourth. Two languages share no words, so such a
    pair gets the mean lexical cosine of the other pairs, and what the encoder puts between two languages that say the
    same: it is neither punished nor preferred.
    """
    rows = len(spoken)
    if rows < 2:
        return sparse.csr_matrix((rows, rows), dtype=np.float32)
    indices, cosines = nearest(vectors, count=_NEIGHBOURS, seed=seed)
    lexical = _lexical(spoken, indices)
    near = cosines >= _LOWEST_COSINE
    same = (languages[:, None] == languages[indices]) & near
    across = near & ~same
    lexical = np.where(same, lexical, lexical[same].mean() if same.any() else 0)
    score = cosines + _LEXICAL_WEIGHT * lexical + across * _language_gap(cosines, same, across)
    score = np.where(near, score, 0)
    best = np.argsort(-score, axis=1, kind="stable")[:, :_KEPT]
    weight = np.take_along_axis(score, best, axis=1).ravel() ** _POWER
    row = np.repeat(np.arange(rows), best.shape[1])
    column = np.take_along_axis(indices, best, axis=1).ravel()
    joined = weight > 0
    graph = sparse.csr_matrix((weight[joined], (row[joined], column[joined])), shape=(rows, rows))
    return graph.maximum(graph.T).tocsr()


def _language_gap(cosines: NDArray[np.float32], same: NDArray[np.bool_], across: NDArray[np.bool_]) -> float:
    """Return by how much the nearest text of another language is farther than the nearest of one's own, 0..0.15.

    The median over the texts that have both. Where languages speak of different things the cap keeps it harmless.
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
    """Return (n, words): 1 + log of how often each word is in a text, times how rare it is, each row of length 1.

    A text without words has zeros. As scikit-learn's ``TfidfVectorizer(sublinear_tf=True)``, which takes a second and
    50 MB to import in each of our processes.
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


def join_similar(
    graph: sparse.csr_matrix, vectors: NDArray[np.float32], community: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Join communities that are one theme, the most alike first; return (n,) with new numbers from 0.

    Modularity decides by the size of the whole graph: in a small month it cuts one complaint into three. This looks
    at the two communities alone: the mean cosine between them against the mean within each, both about the mean of
    all messages, and the share of their weight that runs between them.
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
    """Return how alike community ``row`` and each other one are; from 1 on they are one theme."""
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
    """Divide large communities whose messages are unlike; what is alike, measured among them alone, stays joined."""
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


def mean_cosines(vectors: NDArray[np.float32], community: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (k,): the mean cosine between two different messages of each community, 0 where there is only one."""
    sizes = np.bincount(community)
    sums = sums_by(community, vectors, len(sizes)).astype(np.float64)
    return (np.square(sums).sum(axis=1) - sizes) / np.maximum(sizes * (sizes - 1), 1)


def unreadable(
    spoken: Sequence[Sequence[str]],
    vectors: NDArray[np.float32],
    languages: NDArray[np.str_],
    community: NDArray[np.int64],
    messages: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return (n,): which nodes, of these words, are in a community that nobody could name.

    It has neither a word nor a meaning in common, or its words are mostly its own: people's names, keyboard noise.
    Nothing is marked when that would be half of all nodes: then it is our reading that fails, not the messages.
    """
    sizes = np.bincount(community)
    large = sizes >= _NAMED_FROM
    # Counted by messages: "Good", sent by hundreds, is read, however many ways there are to misspell it.
    volume = np.bincount(community, weights=messages)
    doubted = large & (mean_cosines(vectors, community) < _NAMED_COSINE)
    used: dict[int, Counter[str]] = defaultdict(Counter)
    for row in np.flatnonzero(doubted[community]).tolist():
        stop = stop_words(str(languages[row]))
        used[community[row]].update(dict.fromkeys(set(spoken[row]) - stop, int(messages[row])))
    for number, counts in used.items():
        doubted[number] = max(counts.values(), default=0) < _NAMED_COVERAGE * volume[number]
    if len(spoken) >= _FAMILIAR_FROM:
        share = np.bincount(community, weights=messages * familiar(spoken, languages, messages)) / volume
        doubted &= share < _PLAIN_SHARE
        doubted |= (sizes >= _FAMILIAR_SIZE) & (share < _FAMILIAR_SHARE)
    marked = doubted[community]
    return marked if marked.mean() < 0.5 else np.zeros(len(spoken), bool)


def familiar(
    spoken: Sequence[Sequence[str]], languages: NDArray[np.str_], messages: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return (n,): the share of each text's words that three messages, or a thousandth of its language, hold."""
    usage: dict[str, Counter[str]] = defaultdict(Counter)
    speakers: Counter[str] = Counter()
    for cut, language, count in zip(spoken, languages.tolist(), messages.tolist(), strict=True):
        usage[language].update(dict.fromkeys(set(cut), count))
        speakers[language] += count
    shares = np.zeros(len(spoken))
    for row, (cut, language) in enumerate(zip(spoken, languages.tolist(), strict=True)):
        counts, least = usage[language], max(3, speakers[language] // 1_000)
        shares[row] = sum(counts[word] >= least for word in cut) / max(len(cut), 1)
    return shares


def smallest_theme(messages: int) -> int:
    """Return how many messages make a theme among ``messages``: 1 of 5, 3 of 100, 6 of 1,000, 18 of 100,000."""
    return max(1, round(messages**0.25))


def settle(
    vectors: Vectors,
    community: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Give the nodes of too small communities, and those without one, to the theme they resemble, or to ``OTHER``.

    ``sizes`` is (n,): how many messages each node stands for. A node resembles a theme when it is no farther from the
    theme's centre than 97 of 100 of its own members.
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
        fits = cosine[np.arange(len(block)), best] >= np.maximum(floor[best], _LOWEST_COSINE)
        settled[block] = np.where(fits, numbers[best], OTHER)
    return settled


def theme_centres(vectors: Vectors, member: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return (k, d): the unit mean vector of each theme; ``member`` is (n,), 0..k-1, every number taken."""
    sums = sums_by(member, vectors, int(member.max(initial=-1)) + 1)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)


def largest_first(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the groups again by falling size, ties by the lower old number; ``OTHER`` stays."""
    known = groups >= 0
    if not known.any():
        return groups
    numbers, member = np.unique(groups[known], return_inverse=True)
    place = np.empty(len(numbers), np.int64)
    place[np.argsort(-np.bincount(member), kind="stable")] = np.arange(len(numbers))
    ordered = groups.copy()
    ordered[known] = place[member]
    return ordered
