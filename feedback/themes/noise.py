"""Find the communities that cannot be named because the encoder cannot read them. Pure: numpy only."""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from feedback.themes.centres import mean_cosines
from feedback.themes.stop_words import stop_words

# A community of this many messages in which no word is used by an eighth, and whose mean cosine is low, is something
# the encoder cannot read (names, an unknown language, keyboard noise) and cannot be named.
_NAMED_FROM = 20
_NAMED_COVERAGE = 0.12
_NAMED_COSINE = 0.42
# So is one whose words are mostly unused elsewhere in its language, once there are many messages.
_FAMILIAR_SHARE = 0.4
_FAMILIAR_FROM = 1_000
_FAMILIAR_SIZE = 5
# One whose words are mostly common ones can be read, even if they are all "good" and "wow".
_PLAIN_SHARE = 0.6


def unreadable(
    spoken: Sequence[Sequence[str]],
    vectors: NDArray[np.float32],
    languages: NDArray[np.str_],
    community: NDArray[np.int64],
    messages: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Return (n,): which nodes are in a community that cannot be named.

    Such a community has neither a word nor a meaning in common, or its words are mostly its own: people's names,
    keyboard noise. ``spoken`` are the words of each node, ``community`` (n,) the number of its community from 0,
    ``messages`` (n,) how many messages it stands for. Nothing is marked if half of all nodes would be: then our reading
    is at fault, not the messages.
    """
    sizes = np.bincount(community)
    large = sizes >= _NAMED_FROM
    # Counted by messages, not nodes: "Good", sent by hundreds, is readable, however many ways there are to misspell it.
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
    """Return (n,): the share of each text's words found in 3 messages, and in a thousandth of those in its language."""
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
