"""Measure what changed between periods, and how certain that is. Pure: numpy and the normal distribution.

Feedback is bursty: tests that assume Poisson counts report half of a month's normal ups and downs as findings. Here
the count of a theme is negative-binomial, with the spread estimated over all themes at once, and a change must survive
the correction for multiple comparisons (Benjamini-Hochberg).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_NORMAL = NormalDist()
# The months of one theme vary by about a third for no reason at all; used until three months are known.
USUAL_SPREAD = 0.1
FALSE_DISCOVERIES = 0.05


@dataclass(frozen=True)
class Change:
    """One theme's present period compared with its past ones.

    ``ratio`` is present over expected (1 = as usual), with its 95 % interval; ``chance`` the two-sided probability of
    such a change by chance, ``is_significant`` after the correction for all themes compared together. ``spread`` is
    the phi, pooled over all themes, that it was measured with.
    """

    expected: float
    ratio: float
    low: float
    high: float
    z: float
    chance: float
    is_significant: bool
    spread: float = USUAL_SPREAD


def compare(
    present: Sequence[int],
    past: NDArray[np.int64],
    *,
    exposure: float = 1.0,
    past_exposure: Sequence[float] | None = None,
    spread: float | None = None,
    false_discoveries: float = FALSE_DISCOVERIES,
) -> list[Change]:
    """Compare each theme's count with the mean of its past periods, oldest first.

    ``present`` is (themes,), ``past`` (themes, periods). ``exposure`` is the part of a period that ``present`` covers,
    ``past_exposure`` that of each column of ``past``: 0.5 for a month half over, so that a partial month is never taken
    for a quiet one; or any other measure of how much could have been counted.

    z = log((b + .5) / (m + .5)) / sqrt(1 / (b + .5) + phi + 1 / (k (m + .5)) + phi / k) for b messages now, m expected,
    k past periods, and phi the ``spread``, pooled over themes unless given because it is known from more periods.
    With no past period nothing is significant.
    """
    counts = np.asarray(past, dtype=float).reshape(len(present), -1)
    periods = counts.shape[1]
    if not periods:
        return [Change(math.nan, math.nan, 0.0, math.inf, 0.0, 1.0, False) for _ in present]
    covered = np.ones(periods) if past_exposure is None else np.asarray(past_exposure, dtype=float)
    usable = covered > 0
    covered, counts, periods = covered[usable], counts[:, usable], int(usable.sum())
    if spread is None:
        spread = pooled_spread(counts, covered)
    expected = counts.sum(axis=1) / covered.sum() * exposure
    changes = []
    for count, mean in zip(present, expected, strict=True):
        log_ratio = math.log((count + 0.5) / (mean + 0.5))
        error = math.sqrt(1 / (count + 0.5) + spread + 1 / (periods * (mean + 0.5)) + spread / periods)
        z = log_ratio / error
        chance = 2 * _NORMAL.cdf(-abs(z))
        low, high = (math.exp(log_ratio + sign * 1.96 * error) for sign in (-1, 1))
        changes.append(Change(float(mean), math.exp(log_ratio), low, high, z, chance, False, spread))
    found = discoveries([change.chance for change in changes], false_discoveries)
    return [
        replace(change, is_significant=is_found)
        for change, is_found in zip(changes, found.tolist(), strict=True)
    ]


def pooled_spread(counts: NDArray[np.float64], exposure: NDArray[np.float64]) -> float:
    """Return phi of variance = mean + phi mean^2, one for all themes, 0..1; the usual one below three periods.

    ``counts`` is (themes, periods). Method of moments, each theme weighted by the square of its mean.
    """
    if counts.shape[1] < 3:
        return USUAL_SPREAD
    rates = counts / exposure * exposure.mean()
    mean, variance = rates.mean(axis=1), rates.var(axis=1, ddof=1)
    weight = float(np.square(mean).sum())
    if weight == 0:
        return USUAL_SPREAD
    estimate = float((variance - mean).sum()) / weight
    # A few quiet months must not make us too certain: never less than half the usual spread.
    return float(np.clip(estimate, USUAL_SPREAD / 2, 1.0))


def discoveries(chances: Sequence[float], rate: float) -> NDArray[np.bool_]:
    """Return (n,): which findings to accept so that at most ``rate`` of them are false (Benjamini-Hochberg)."""
    values = np.asarray(chances, dtype=float)
    order = np.argsort(values, kind="stable")
    below = values[order] <= rate * np.arange(1, len(values) + 1) / max(len(values), 1)
    believed = np.zeros(len(values), bool)
    if below.any():
        believed[order[: int(np.flatnonzero(below)[-1]) + 1]] = True
    return believed


def wilson(count: int, total: int, *, z: float = 1.96) -> tuple[float, float]:
    """Return the interval that holds the true share 95 times of 100, both ends 0..1; (0, 1) when ``total`` is 0."""
    if not total:
        return 0.0, 1.0
    share = count / total
    centre = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


@dataclass(frozen=True)
class Weight:
    """The weight of a theme in one period: ``total`` people wrote, ``people`` of them about it; severity is 0..1."""

    total: int
    people: int
    severity: float

    @property
    def burden(self) -> float:
        """People times severity: a hundred mildly annoyed people weigh as much as ten desperate ones."""
        return self.people * self.severity


@dataclass(frozen=True)
class Split:
    """Why the burden changed; the four parts add up to ``change`` exactly."""

    change: float
    volume: float
    share: float
    severity: float
    new: float


def split_change(before: Weight, after: Weight) -> Split:
    """Split the change of a theme's burden into volume, share, severity and newness.

    Burden = total x share x severity; each factor's part is L log(after / before) with L the logarithmic mean of both
    burdens (Ang's LMDI), which leaves no residual. A theme without a past is all new; for one that vanished the change
    is all share.
    """
    old, now = before.burden, after.burden
    change = now - old
    if old == 0:
        return Split(change, 0.0, 0.0, 0.0, change)
    if now == 0:
        return Split(change, 0.0, change, 0.0, 0.0)
    mean = old if math.isclose(old, now) else change / math.log(now / old)
    volume = mean * math.log(after.total / before.total)
    severity = mean * math.log(after.severity / before.severity)
    return Split(change, volume, change - volume - severity, severity, 0.0)


@dataclass(frozen=True)
class Excess:
    """A value (a version, a platform, a language ...) that is more frequent in a theme than elsewhere.

    ``ratio`` is its share in the theme over its share elsewhere, ``low`` the lower 95 % bound of that.
    """

    value: str
    count: int
    of: int
    ratio: float
    low: float


def over_represented(inside: dict[str, int], overall: dict[str, int], *, least: int = 5) -> list[Excess]:
    """Return the values that stand out in a theme, those with a lower bound above 1, the most certain first.

    ``inside`` counts the theme's people by value, ``overall`` all people, the theme's included. Values with fewer than
    ``least`` people in the theme are ignored. The interval is that of a relative risk, corrected for the number of
    values tested.
    """
    size, total = sum(inside.values()), sum(overall.values())
    found = []
    looked = max(1, sum(count >= least for count in inside.values()))
    z = _NORMAL.inv_cdf(1 - 0.025 / looked)
    for value, count in inside.items():
        rest, rest_total = overall.get(value, 0) - count, total - size
        if count < least or rest_total <= 0:
            continue
        ratio = (count + 0.5) / (size + 0.5) / ((rest + 0.5) / (rest_total + 0.5))
        error = math.sqrt(
            max(1 / (count + 0.5) - 1 / (size + 0.5) + 1 / (rest + 0.5) - 1 / (rest_total + 0.5), 1e-9)
        )
        low = math.exp(math.log(ratio) - z * error)
        if low > 1:
            found.append(Excess(value, count, overall.get(value, 0), ratio, low))
    return sorted(found, key=lambda excess: (-excess.low, excess.value))
