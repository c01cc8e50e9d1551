from __future__ import annotations

import pytest

from feedback.knowledge.ranking import Candidate, Reader, overlap_of, rank


def candidate(entry: int, language: str = "en", cosine: float | None = 0.7, **fields) -> Candidate:
    fields.setdefault("overlap", 0.0)
    return Candidate(
        entry=entry, wording=fields.pop("wording", entry), language=language, cosine=cosine, **fields
    )


def order(candidates: list[Candidate], reader: Reader) -> list[int]:
    return [one.entry for one in rank(candidates, reader, most=9)]


class TestRank:
    def test_puts_the_nearest_first(self) -> None:
        assert order([candidate(1, cosine=0.65), candidate(2, cosine=0.8)], Reader("en")) == [2, 1]

    def test_leaves_out_what_is_about_something_else(self) -> None:
        assert order([candidate(1, cosine=0.3)], Reader("en")) == []

    def test_leaves_out_what_is_far_behind_the_best(self) -> None:
        assert order([candidate(1, cosine=0.5), candidate(2, cosine=0.8)], Reader("en")) == [2]

    def test_lets_shared_words_count_beside_meaning(self) -> None:
        pair = [candidate(1, cosine=0.7), candidate(2, cosine=0.65, overlap=0.6)]
        assert order(pair, Reader("en")) == [2, 1]

    def test_goes_by_words_alone_without_vectors(self) -> None:
        pair = [candidate(1, cosine=None, overlap=0.1), candidate(2, cosine=None, overlap=0.4)]
        assert order(pair, Reader("en")) == [2]

    def test_shows_the_readers_language_whichever_language_was_nearest(self) -> None:
        both = [candidate(1, "zh-Hans", 0.9, wording=10), candidate(1, "en", 0.4, wording=11)]
        (shown,) = rank(both, Reader("en"), most=3)
        assert (shown.wording, shown.is_foreign) == (11, False)

    def test_says_when_there_is_no_wording_in_the_readers_language(self) -> None:
        (shown,) = rank([candidate(1, "zh-Hans", 0.9)], Reader("fr"), most=3)
        assert shown.is_foreign

    def test_takes_traditional_for_simplified_chinese(self) -> None:
        (shown,) = rank([candidate(1, "zh-Hant", 0.9)], Reader("zh-hans"), most=3)
        assert not shown.is_foreign

    def test_prefers_the_readers_platform_and_topic(self) -> None:
        pair = [candidate(1, platforms=("ios",)), candidate(2, platforms=("android",))]
        assert order(pair, Reader("en", platform="Android 15")) == [2, 1]
        pair = [candidate(1, topic="bug"), candidate(2, topic="payment")]
        assert order(pair, Reader("en", topic="payment")) == [2, 1]

    def test_puts_what_was_sent_before_last(self) -> None:
        pair = [candidate(1, cosine=0.9), candidate(2, cosine=0.75)]
        found = rank(pair, Reader("en", read={1}), most=9)
        assert [(one.entry, one.was_read) for one in found] == [(2, False), (1, True)]

    def test_never_brings_in_by_habit_what_is_about_something_else(self) -> None:
        liked = candidate(1, cosine=0.43, topic="bug", platforms=("ios",))
        assert order([liked], Reader("en", platform="ios", topic="bug")) == []


class TestOverlapOf:
    def test_is_one_for_the_same_words_and_nothing_for_none(self) -> None:
        assert overlap_of(["a", "b"], ["b", "a"]) == pytest.approx(1)
        assert overlap_of(["a"], ["b"]) == overlap_of([], ["b"]) == 0
