import threading
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from feedback.intake.models import Message
from feedback.themes import cluster as cluster_module
from feedback.themes import corpus as corpus_module
from feedback.themes.corpus import NEVER_PLACED, join, read_corpus, said_between
from feedback.themes.figures import count_by_theme, count_period
from feedback.themes.models import PlacedBy, Theme, ThemePlace
from feedback.themes.services import (
    BeingGrouped,
    MergeRefused,
    grouping_alone,
    hide,
    merge,
    pin,
    place_near,
    regroup,
    rename,
    unmerge,
)
from tests.months import ADS, CRASH, OCTOBER, PRAISE, REFUND, say_all
from tests.people import lead
from users.profiles.models import Customer

pytestmark = pytest.mark.django_db

NOVEMBER = OCTOBER + timedelta(days=31)
DECEMBER = NOVEMBER + timedelta(days=30)


def everything():
    return read_corpus(Message.objects.all())


def nothing():
    return read_corpus(Message.objects.none())


def themed(*texts, at=OCTOBER, who="p"):
    """Receive the texts, group them; return the themes, largest first."""
    for number, part in enumerate(texts):
        say_all(part, at=at, who=f"{who}{number}-")
    return [one.theme for one in regroup(everything(), nothing(), at=at)]


class TestReadCorpus:
    def test_reads_vectors_as_they_were_stored(self):
        say_all(CRASH[:2], at=OCTOBER)
        corpus = everything()
        assert corpus.vectors.shape == (2, 512)
        np.testing.assert_allclose(np.linalg.norm(corpus.vectors, axis=1), 1, atol=1e-3)
        assert corpus.themes.tolist() == [NEVER_PLACED] * 2
        assert corpus.languages.tolist() == ["en", "en"]

    def test_reads_many_in_turn_as_at_once(self, monkeypatch):
        say_all(CRASH, at=OCTOBER)
        whole = everything()
        monkeypatch.setattr(corpus_module, "_ROWS_AT_ONCE", 3)
        parted = everything()
        for name, column in vars(whole).items():
            np.testing.assert_array_equal(column, getattr(parted, name))

    def test_counts_merged_people_as_one(self):
        messages = say_all(CRASH[:2], at=OCTOBER)
        first, second = (Customer.objects.get(pk=message.feedback.customer_id) for message in messages)
        Customer.objects.filter(pk=second.pk).update(merged_into=first)
        assert len(set(everything().people.tolist())) == 1

    def test_takes_a_period_half_open(self):
        say_all(CRASH[:3], at=OCTOBER)
        start, end = OCTOBER, OCTOBER + timedelta(hours=2)
        assert len(read_corpus(said_between(start, end, ["live"]))) == 2
        assert len(read_corpus(said_between(start, end, ["demo"]))) == 0

    def test_needs_one_query_however_many(self, django_assert_num_queries):
        say_all(CRASH, at=OCTOBER)
        with django_assert_num_queries(1):
            assert len(everything()) == len(CRASH)

    def test_joins(self):
        say_all(CRASH[:2], at=OCTOBER)
        assert len(join(everything(), everything())) == 4


class TestRegroup:
    def test_finds_themes_in_both_languages_and_places_every_message(self):
        themes = themed(CRASH, REFUND, ADS)
        assert len(themes) == 3
        assert {*themes[0].labels} == {"zh", "en"}
        assert ThemePlace.objects.exclude(theme=None).count() == 24

    def test_twice_makes_no_second_theme(self):
        themed(CRASH, REFUND)
        regroup(everything(), nothing(), at=OCTOBER)
        assert Theme.objects.count() == 2

    def test_hands_a_theme_on_to_the_next_month(self):
        october = themed(CRASH, REFUND)
        say_all(CRASH, at=NOVEMBER, who="n")
        say_all(ADS, at=NOVEMBER, who="o")
        past = read_corpus(said_between(OCTOBER, NOVEMBER, ["live"]))
        found = regroup(read_corpus(said_between(NOVEMBER, DECEMBER, ["live"])), past, at=NOVEMBER)
        crash = next(theme for theme in october if "闪退" in theme.labels["zh"])
        assert {one.theme.pk for one in found} & {theme.pk for theme in october} == {crash.pk}
        assert len(found) == 2
        crash.refresh_from_db()
        assert crash.last_seen_at > NOVEMBER

    def test_does_not_rename_a_theme_after_an_older_month(self):
        (theme,) = themed(CRASH, at=NOVEMBER)
        Theme.objects.update(labels={"en": "What November calls it"})
        say_all(CRASH[:4], at=OCTOBER, who="q")
        older = read_corpus(Message.objects.filter(sent_at__lt=NOVEMBER))
        (found,) = regroup(older, everything(), at=DECEMBER)
        assert found.theme == theme
        assert found.theme.labels != {"en": "What November calls it"}
        theme.refresh_from_db()
        assert theme.labels == {"en": "What November calls it"}

    def test_leaves_what_a_person_placed(self):
        themes = themed(CRASH, REFUND)
        place = ThemePlace.objects.filter(theme=themes[0]).first()
        ThemePlace.objects.filter(pk=place.pk).update(theme=themes[1], by=PlacedBy.PERSON)
        found = regroup(everything(), nothing(), at=OCTOBER)
        place.refresh_from_db()
        assert place.theme == themes[1]
        assert {len(one.rows) for one in found} == {7, 9}


class TestRegroupOfTooMany:
    def test_groups_a_sample_and_assigns_the_rest(self, monkeypatch):
        monkeypatch.setattr(cluster_module, "SAMPLE_ABOVE", 20)
        for number, part in enumerate((CRASH, REFUND, ADS)):
            say_all(part, at=OCTOBER, who=f"p{number}-")
        corpus = everything()
        found = regroup(corpus, nothing(), at=OCTOBER)
        about = {text: name for name, part in enumerate((CRASH, REFUND, ADS)) for text in part}
        subject = np.array([about[text] for text in corpus.texts])
        assert len(subject) > 20
        purest = sum(np.bincount(subject[one.rows]).max() for one in found)
        assert purest >= 0.85 * len(subject)


class TestStrata:
    def test_are_channel_language_and_week(self):
        say_all([CRASH[0], CRASH[1], CRASH[4]], at=OCTOBER)
        say_all([CRASH[2]], at=OCTOBER + timedelta(days=20), who="q")
        numbers = everything().strata().tolist()
        assert numbers[0] == numbers[1]
        assert len(set(numbers)) == 3


class TestGroupingAlone:
    @pytest.mark.django_db(transaction=True)
    def test_refuses_a_second_process(self):
        refused = []

        def other():
            try:
                with grouping_alone():
                    pass
            except BeingGrouped:
                refused.append(True)
            finally:
                connection.close()

        with grouping_alone():
            thread = threading.Thread(target=other)
            thread.start()
            thread.join()
        assert refused == [True]


class TestPlaceNear:
    def test_puts_old_messages_into_the_themes_of_today(self):
        themes = themed(CRASH, REFUND, at=NOVEMBER)
        say_all(["app crashes when I open it", "lovely weather in the mountains"], at=OCTOBER, who="old")
        corpus = read_corpus(said_between(OCTOBER, NOVEMBER, ["live"]))
        placed = place_near(corpus, at=NOVEMBER)
        crash = next(theme for theme in themes if "rash" in theme.labels["en"])
        assert placed.tolist() == [crash.pk, -1]
        assert ThemePlace.objects.filter(message__in=corpus.ids.tolist()).count() == 2

    def test_puts_thanks_where_their_thread_was_opened_and_nowhere_else(self):
        crash, praise = themed(CRASH, PRAISE, at=NOVEMBER)
        Theme.objects.filter(pk=praise.pk).update(reach=0.3)
        opening = say_all(CRASH[:1], at=OCTOBER, who="old")[0]
        say_all(["thanks a lot!"], at=OCTOBER + timedelta(days=1), who="old", thread=opening.feedback)
        say_all(["thanks a lot!"], at=OCTOBER, who="other")
        placed = place_near(read_corpus(said_between(OCTOBER, NOVEMBER, ["live"])), at=NOVEMBER)
        assert placed.tolist() == [crash.pk, crash.pk, -1]


class TestMerge:
    def test_counts_both_as_one_now_and_in_the_past_until_undone(self):
        dee = lead()
        one, two = themed(CRASH, REFUND)
        merge(two, into=one, actor=dee, at=NOVEMBER)
        counts = count_by_theme(OCTOBER, NOVEMBER, ["live"])
        assert {theme: counted.messages for theme, counted in counts.items()} == {one.pk: 16}
        unmerge(two, actor=dee, at=NOVEMBER)
        assert {*count_by_theme(OCTOBER, NOVEMBER, ["live"])} == {one.pk, two.pk}
        assert list(two.events.order_by("id").values_list("kind", flat=True))[1:] == ["merged", "unmerged"]

    def test_brings_along_and_takes_back_what_was_merged_before(self):
        dee = lead()
        one, two, three = themed(CRASH, REFUND, ADS)
        merge(three, into=two, actor=dee, at=NOVEMBER)
        merge(two, into=one, actor=dee, at=NOVEMBER)
        three.refresh_from_db()
        assert three.merged_into == one
        unmerge(two, actor=dee, at=NOVEMBER)
        three.refresh_from_db()
        assert three.merged_into == two

    def test_holds_in_the_next_month(self):
        dee = lead()
        one, two = themed(CRASH, REFUND)
        merge(two, into=one, actor=dee, at=NOVEMBER)
        say_all(CRASH, at=NOVEMBER, who="n")
        say_all(REFUND, at=NOVEMBER, who="o")
        past = read_corpus(said_between(OCTOBER, NOVEMBER, ["live"]))
        found = regroup(read_corpus(said_between(NOVEMBER, DECEMBER, ["live"])), past, at=NOVEMBER)
        assert [(each.theme.pk, len(each.rows)) for each in found] == [(one.pk, 16)]

    def test_refuses_itself_and_what_is_merged_already(self):
        dee = lead()
        one, two = themed(CRASH, REFUND)
        with pytest.raises(MergeRefused):
            merge(one, into=one, actor=dee, at=NOVEMBER)
        merge(two, into=one, actor=dee, at=NOVEMBER)
        with pytest.raises(MergeRefused):
            merge(two, into=one, actor=dee, at=NOVEMBER)
        with pytest.raises(MergeRefused):
            unmerge(one, actor=dee, at=NOVEMBER)


class TestRenamePinHide:
    def test_a_name_outlives_the_next_grouping(self):
        dee = lead()
        (theme,) = themed(CRASH)
        rename(theme, actor=dee, at=NOVEMBER, name_en="Crash at start", name_zh="启动闪退")
        regroup(everything(), nothing(), at=NOVEMBER)
        theme.refresh_from_db()
        assert (theme.name_for("en"), theme.name_for("zh-hans")) == ("Crash at start", "启动闪退")
        rename(theme, actor=dee, at=NOVEMBER)
        assert theme.name_for("en") == theme.labels["en"]

    def test_a_name_is_one_line_that_can_be_seen(self):
        dee = lead()
        (theme,) = themed(CRASH)
        rename(
            theme, actor=dee, at=NOVEMBER, name_en="Crash\r\nBcc: all@example.org", name_zh=" \u200b\u202e "
        )
        assert (theme.name_en, theme.name_zh) == ("Crash Bcc: all@example.org", "")

    def test_are_recorded_with_who_did_it(self):
        dee = lead()
        (theme,) = themed(CRASH)
        pin(theme, is_pinned=True, actor=dee, at=NOVEMBER)
        hide(theme, is_hidden=True, actor=dee, at=NOVEMBER)
        assert list(theme.events.order_by("id").values_list("kind", "actor")) == [
            ("found", None),
            ("pinned", dee.pk),
            ("hidden", dee.pk),
        ]
        assert not Theme.objects.shown().exists()


class TestFigures:
    def test_count_people_before_messages(self):
        for _ in range(3):
            say_all(CRASH[:1], at=OCTOBER)
        say_all(PRAISE[:2], at=OCTOBER, who="q")
        counted = count_period(OCTOBER, NOVEMBER, ["live"])
        assert (counted.messages, counted.people) == (5, 3)
        assert 0.1 <= counted.severity <= 1
