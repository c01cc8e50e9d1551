"""How soon the watch notices that more people speak of something, and how often it is wrong, on made-up streams.

Pure: no server. People come by a daily and weekly rhythm with more ups and downs than chance (negative binomial, spread
.1 an hour); from some hour on they come so many times as often. The watch looks every half hour, as if it watched
--causes causes at once, each with its part of one false warning a month. Run: ``up.py bench warnings --help``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from tickets.warnings.surge import (
    DAY,
    DAYS_LEARNED,
    HOUR,
    WINDOWS,
    Rhythm,
    Surge,
    rhythm_of,
    spread_of,
    surge_of,
    usual_of,
)

#: People an hour, and how many times as many from the change on.
CASES = ((5, 2), (5, 3), (5, 5), (1, 3), (1, 5), (0.2, 10), (0.02, 50), (20, 2))
_CHANGE_AFTER = 35
_SPREAD = 0.1
_QUIET_DAYS = 90


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=12, help="streams for each case (12)")
    parser.add_argument("--causes", type=int, default=100, help="causes watched at once (100)")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    random = np.random.default_rng(options.seed)
    rhythm = rhythm_of(stream(random, 60, days=56))
    print(
        "| people an hour | times | noticed after, hours: mean | median | not within 5 days | false before |"
    )
    print("|---|---|---|---|---|---|")
    for rate, times in tqdm(CASES, unit="case"):
        delays, missed, early = [], 0, 0
        for _ in range(options.streams):
            change = _CHANGE_AFTER * 24 + int(random.integers(0, 24))
            said = stream(random, rate, days=_CHANGE_AFTER + 5, times=times, change=change)
            first = next(
                watched(said, rhythm, _CHANGE_AFTER - 1, _CHANGE_AFTER + 5, causes=options.causes), None
            )
            if first is None:
                missed += 1
            elif first[0] < change * HOUR:
                early += 1
            else:
                delays.append((first[0] - change * HOUR) / HOUR)
        mean, middle = (f"{of(delays):.1f}" if delays else "–" for of in (np.mean, np.median))
        print(f"| {rate} | {times} | {mean} | {middle} | {missed} | {early} |")
    episodes = sum(
        quiet_episodes(stream(random, rate, days=_CHANGE_AFTER + _QUIET_DAYS), rhythm, options.causes)
        for rate in (0.2, 1, 5)
        for _ in range(2)
    )
    print(f"\n{episodes} warnings in {6 * _QUIET_DAYS} days of streams in which nothing happened.")


def stream(
    random: np.random.Generator, rate: float, *, days: int, times: float = 1.0, change: int | None = None
) -> NDArray[np.float64]:
    """Return when people spoke in so many days: ``rate`` an hour, ``times`` as many from hour ``change`` on."""
    day = 1 + 0.7 * np.sin((np.arange(24) - 9) / 24 * 2 * np.pi)
    week = np.array([1, 1, 1, 1, 1, 1.25, 1.2])
    hours = np.arange(days * 24)
    expected = rate * day[hours % 24] * (week / week.mean())[(hours // 24 + 3) % 7]
    if change is not None:
        expected[change:] *= times
    counts = random.poisson(expected * random.gamma(1 / _SPREAD, _SPREAD, len(hours)))
    return np.sort(np.repeat(hours, counts) * HOUR + random.random(counts.sum()) * HOUR)


def watched(
    said: NDArray[np.float64], rhythm: Rhythm, first_day: int, last_day: int, *, causes: int
) -> Iterator[tuple[float, Surge]]:
    """Yield (moment, surge) of each look at ``said`` that finds one."""
    learned_on, usual = -1.0, None
    for now in np.arange(first_day * DAY, last_day * DAY, HOUR / 2):
        if usual is None or learned_on != now // DAY:
            learned_on = float(now // DAY)
            edges = now - DAY * np.arange(DAYS_LEARNED + 1, 0, -1)
            counts = np.histogram(said, edges)[0]
            weights = np.array([rhythm.days_in(start, start + DAY) for start in edges[:-1]])
            usual = usual_of(counts, weights, spread=spread_of([counts], weights))
        people = [int(np.searchsorted(said, now) - np.searchsorted(said, now - window)) for window in WINDOWS]
        days = [rhythm.days_in(now - window, now) for window in WINDOWS]
        if (surge := surge_of(people, usual, days, causes=causes)) is not None:
            yield now, surge


def quiet_episodes(said: NDArray[np.float64], rhythm: Rhythm, causes: int) -> int:
    """Return how many warnings were raised, those within a day of each other as one."""
    found, last = 0, -DAY
    for now, _surge in watched(said, rhythm, _CHANGE_AFTER, _CHANGE_AFTER + _QUIET_DAYS, causes=causes):
        found += now - last > DAY
        last = now
    return found


if __name__ == "__main__":
    main()
