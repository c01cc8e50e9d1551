from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from feedback.intake.models import ChannelKind
from tickets.demo.corpus import Case, corpus
from tickets.demo.pains import CRISES, PAINS
from tickets.demo.people import KIM
from tickets.demo.releases import LOCAL, calendar
from tickets.demo.wording import TEXTS, answer, section, subjects_of
from tickets.replies.variables import unknown_variables

UNTIL = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return corpus(UNTIL)


def said(cases: list[Case]) -> list[str]:
    return [step.text for case in cases for step in case.steps if step.does == "say"]


def opened(cases: list[Case], subject: str, *, since: datetime, until: datetime) -> int:
    return sum(case.subject == subject and since <= case.opened_at < until for case in cases)


class TestCorpus:
    def test_is_the_same_for_the_same_moment(self, cases: list[Case]) -> None:
        assert corpus(UNTIL) == cases

    def test_is_another_one_for_another_seed(self) -> None:
        assert corpus(UNTIL, seed=1, messages=300) != corpus(UNTIL, seed=2, messages=300)

    def test_has_about_as_many_messages_as_asked_for(self, cases: list[Case]) -> None:
        assert 4500 < len(said(cases)) < 5500
        assert 200 < len(said(corpus(UNTIL, messages=400))) < 600

    def test_is_in_order_of_time_and_ends_before_the_given_moment(self, cases: list[Case]) -> None:
        times = [case.opened_at for case in cases]
        assert times == sorted(times)
        assert UNTIL - timedelta(days=183) < times[0] < UNTIL - timedelta(days=178)
        assert UNTIL - timedelta(minutes=5) < times[-1] < UNTIL
        for case in cases:
            steps = [step.at for step in case.steps]
            assert steps == sorted(steps)
            assert steps[-1] < UNTIL
            assert case.steps[0].does == "say"

    def test_names_each_case_once(self, cases: list[Case]) -> None:
        assert len({case.key for case in cases}) == len(cases)

    def test_comes_by_every_kind_of_channel(self, cases: list[Case]) -> None:
        assert {case.channel for case in cases} == set(ChannelKind.values)

    def test_is_mostly_chinese_and_english_with_others_between(self, cases: list[Case]) -> None:
        languages = Counter(case.language for case in cases)
        assert languages["zh-Hans"] > languages["en"] > 1000
        assert len(languages) >= 8

    def test_holds_all_subjects_and_all_crisis_categories(self, cases: list[Case]) -> None:
        assert {*PAINS, "outbreak_login"} <= {case.subject for case in cases}
        assert set(CRISES) == {case.crisis for case in cases if case.crisis}

    def test_leaves_no_slot_unfilled(self, cases: list[Case]) -> None:
        texts = [step.text for case in cases for step in case.steps]
        assert not [text for text in texts if re.search(r"[{}]", text)]

    def test_repeats_itself_little(self, cases: list[Case]) -> None:
        written = [text for text in said(cases) if len(text) > 20]
        assert len(set(written)) > 0.9 * len(written)

    def test_lets_people_come_back(self, cases: list[Case]) -> None:
        times = Counter(case.person.number for case in cases)
        assert sum(count > 1 for count in times.values()) > 400

    def test_lets_some_rate_what_was_solved(self, cases: list[Case]) -> None:
        rated = [case for case in cases if any(step.does == "rate" for step in case.steps)]
        assert len(rated) > 150
        for case in rated:
            assert next(s.does for s in case.steps if s.does in ("solve", "rate")) == "solve"
            assert any(step.does == "answer" for step in case.steps)

    def test_gives_kim_something_of_every_age(self, cases: list[Case]) -> None:
        kims = [case for case in cases if case.person is KIM]
        assert len(kims) == 5
        assert kims[-1].opened_at > UNTIL - timedelta(days=3)


class TestPains:
    def test_grow(self, cases: list[Case]) -> None:
        month = timedelta(days=30)
        for subject in ("upload_stuck", "payout_delay"):
            early = opened(cases, subject, since=UNTIL - 6 * month, until=UNTIL - 4 * month)
            late = opened(cases, subject, since=UNTIL - 2 * month, until=UNTIL)
            assert late > 2 * early > 0

    def test_end_with_the_release_that_mends_them(self, cases: list[Case]) -> None:
        mended = calendar(UNTIL).releases["8.3.2"]
        before = opened(cases, "captions_sync", since=mended - timedelta(days=30), until=mended)
        days = timedelta(days=10)
        assert opened(cases, "captions_sync", since=mended + days, until=mended + 4 * days) < before / 5

    def test_begin_with_the_release_that_brings_them(self, cases: list[Case]) -> None:
        brought = calendar(UNTIL).releases["8.4.0"]
        assert not opened(cases, "drafts_lost", since=UNTIL - timedelta(days=200), until=brought)
        assert opened(cases, "drafts_lost", since=brought, until=UNTIL) > 20

    def test_have_words_in_both_first_languages(self) -> None:
        for language in ("zh-Hans", "en"):
            needed = {*PAINS, "outbreak_login", *(f"crisis_{crisis}" for crisis in CRISES)}
            assert needed <= subjects_of(language)


class TestOutbreak:
    @pytest.mark.parametrize("until", ["2026-11-24", "2027-01-01", "2027-03-31", "2028-02-29", "2026-12-06"])
    def test_falls_into_the_last_whole_month(self, until: str) -> None:
        moment = datetime.fromisoformat(until).replace(hour=9, tzinfo=UTC)
        begins = calendar(moment).outbreak_from.astimezone(LOCAL)
        last_month = moment.astimezone(LOCAL).replace(day=1) - timedelta(days=1)
        assert (begins.year, begins.month) == (last_month.year, last_month.month)
        assert begins.weekday() == 3

    def test_is_hundreds_of_people_in_a_few_hours(self, cases: list[Case]) -> None:
        people = {case.person.number for case in cases if case.subject == "outbreak_login"}
        times = calendar(UNTIL)
        hit = [case.opened_at for case in cases if case.subject == "outbreak_login"]
        assert len(people) > 250
        assert times.outbreak_from <= min(hit)
        assert max(hit) <= times.outbreak_until


class TestUrgent:
    def test_write_as_they_are(self, cases: list[Case]) -> None:
        """No emoji, no misspelling, no stock phrase is added to a cry for help."""
        for language in ("zh-Hans", "en"):
            written = section(language, "crisis_safety").alone
            for case in cases:
                if case.crisis == "safety" and case.language == language and case.channel != "table":
                    shapes = [re.sub(r"\\\{\w+\\\}", ".+", re.escape(line)) for line in written]
                    assert any(re.fullmatch(shape, case.steps[0].text) for shape in shapes)

    def test_wait_for_the_visitor_when_they_are_fresh(self, cases: list[Case]) -> None:
        fresh = [case for case in cases if case.crisis and case.opened_at > UNTIL - timedelta(hours=1)]
        assert len(fresh) >= 3
        assert all(len(case.steps) == 1 for case in fresh)


class TestWording:
    @pytest.mark.parametrize("language", ["zh-Hans", "en"])
    def test_holds_hundreds_of_sentences(self, language: str) -> None:
        about = [section(language, subject) for subject in subjects_of(language)]
        lines = [line for one in about for line in (*one.alone, *one.added, *one.hurried)]
        assert len(lines) > 550
        # A lone "?" may be noise and a nudge.
        assert sum(count > 1 for count in Counter(lines).values()) < 15

    def test_says_the_same_subjects_in_both_first_languages(self) -> None:
        assert subjects_of("zh-Hans") == subjects_of("en")

    def test_lets_no_agent_speak_of_a_release_to_come(self) -> None:
        for seed in range(40):
            text = answer(
                Random(seed),
                "en",
                "captions_sync",
                agent="Ana",
                customer="Kim",
                released=frozenset({"8.3.1"}),
            )
            assert "8.3.2" not in text

    def test_has_canned_replies_without_unknown_variables(self) -> None:
        assert not unknown_variables((TEXTS / "canned.txt").read_text(encoding="utf-8"))
