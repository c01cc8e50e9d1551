from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from feedback.themes.models import Theme
from feedback.themes.services import hide, merge, rename
from tests.months import ADS, CRASH, PRAISE, REFUND, say_all
from tests.people import lead, said
from tickets.summaries.exports import as_json
from tickets.summaries.models import FollowUp, PainPoint, Quote, State, Summary
from tickets.summaries.periods import month_of
from tickets.summaries.services import (
    NotADraft,
    NothingToSummarise,
    follow_up,
    publish,
    publish_due,
    summarise,
)
from users.profiles.holdings import erase_customer

pytestmark = pytest.mark.django_db

OCTOBER = datetime(2026, 10, 3, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 3, tzinfo=UTC)
AT = datetime(2026, 12, 1, tzinfo=UTC)


def month(day, **fields):
    return summarise(month_of(day, "UTC"), at=fields.pop("at", AT), actor=None, origins=["live"], **fields)


def october():
    return month(date(2026, 10, 1))


def november(**fields):
    return month(date(2026, 11, 1), **fields)


def point_about(summary, word):
    return next(p for p in summary.pain_points.all() if word in " ".join(p.labels.values()).lower())


def numbers(summary):
    return list(
        summary.pain_points.order_by("rank").values_list(
            "theme", "message_count", "people_count", "score", "ratio", "severity", "message_ids"
        )
    )


class TestSummarise:
    def test_counts_people_before_messages(self):
        say_all(CRASH, at=NOVEMBER)
        say_all(CRASH[:4], at=NOVEMBER + timedelta(days=2))  # the first four people say it again
        summary = november()
        point = summary.pain_points.get()
        assert (summary.message_count, summary.people_count) == (12, 8)
        assert (point.message_count, point.people_count) == (12, 8)
        assert point.share == 1
        assert len(point.message_ids) == 12

    def test_ranks_what_hurts_before_what_pleases(self):
        say_all(CRASH, at=NOVEMBER, who="a")
        say_all(PRAISE, at=NOVEMBER, who="b", times=2)
        points = november().pain_points.order_by("rank")
        assert [point.is_praise for point in points] == [False, True]

    def test_takes_delight_in_a_feature_for_praise_and_a_kind_request_for_none(self):
        delight = [
            "battery life is so much better since the update, wonderful",
            "the battery lasts far longer now, great work",
            "battery is amazing since the last update",
            "更新之后电池耐用多了，太棒了",
            "电池续航变好了，非常满意",
        ]
        request = [
            "please add a dark mode, I would love that, thank you",
            "a dark mode would be wonderful, please add one",
            "would love a dark mode, thanks",
            "希望增加夜间模式，谢谢，加油",
            "建议出个夜间模式，会更喜欢",
        ]
        say_all(delight, at=NOVEMBER, who="a", times=3)
        say_all(request, at=NOVEMBER, who="b", times=3)
        summary = november()
        assert point_about(summary, "battery").is_praise
        assert not point_about(summary, "dark").is_praise

    def test_follows_a_theme_from_month_to_month_and_finds_the_new_one(self):
        say_all(CRASH, at=OCTOBER, who="a")
        say_all(REFUND, at=OCTOBER, who="b")
        before = october()
        say_all(CRASH, at=NOVEMBER, who="c", times=4)
        say_all(ADS, at=NOVEMBER, who="d")
        after = november()
        crash = point_about(after, "crash")
        assert crash.theme == point_about(before, "crash").theme
        assert (crash.last_people, crash.people_count) == (8, 32)
        assert crash.change_volume + crash.change_share + crash.change_severity == pytest.approx(crash.change)
        assert point_about(after, "广告").verdict == "new"
        assert [one["people"] for one in after.overview["gone"]] == [8]
        assert point_about(before, "crash").verdict == "first"

    def test_has_a_past_even_if_nobody_summarised_it(self):
        say_all(CRASH, at=OCTOBER, who="a")
        say_all(CRASH, at=NOVEMBER, who="b")
        point = november().pain_points.get()
        assert point.last_people == 8
        assert point.verdict == "same"

    def test_gives_the_same_numbers_twice_in_place_of_the_first_draft(self):
        say_all(CRASH, at=NOVEMBER, who="a")
        say_all(REFUND, at=NOVEMBER, who="b")
        first = november()
        again = november()
        assert Summary.objects.count() == 1
        assert numbers(first) == numbers(again)
        assert Theme.objects.count() == 2

    def test_begins_a_new_revision_after_a_publication(self):
        say_all(CRASH, at=NOVEMBER, who="a")
        first = publish(november(), actor=lead(), at=AT)
        second = november()
        assert (first.revision, second.revision, second.state) == (1, 2, State.DRAFT)

    def test_counts_only_the_origins_asked_for(self):
        say_all(CRASH, at=NOVEMBER)
        with pytest.raises(NothingToSummarise):
            summarise(month_of(date(2026, 11, 1), "UTC"), at=AT, actor=None, origins=["demo"])

    def test_keeps_what_a_label_means_for_readers_of_the_other_language(self):
        say_all([text for text in ADS if not text.isascii()], at=NOVEMBER, times=2)
        dee = lead()
        summary = publish(november(), actor=dee, at=AT)
        point = summary.pain_points.get()
        assert {*point.labels} == {"zh"}
        assert point.name_for("en") == f"Too many ads · {point.labels['zh']}"
        assert point.name_for("zh-hans") == point.labels["zh"]
        Theme.objects.update(glosses={})
        named = as_json(summary)["pain_points"][0]["names"]
        assert named == {"en": point.name_for("en"), "zh-hans": point.labels["zh"]}
        rename(point.theme, actor=dee, at=AT, name_en="Ads everywhere")
        assert month(date(2026, 11, 1)).pain_points.get().name_for("en") == "Ads everywhere"

    def test_names_a_point_counted_before_there_were_glosses_as_before(self):
        assert PainPoint(labels={"zh": "广告太多"}).name_for("en") == "广告太多"

    def test_counts_copies_of_one_text_and_opposite_moods(self):
        say_all(["Please team unfreeze my account, I worked so hard for it"] * 4, at=NOVEMBER, who="a")
        say_all(["Unfreeze my account now, this is a terrible mess, I hate it"] * 2, at=NOVEMBER, who="b")
        figures = november().pain_points.get().figures
        assert figures["repeated"] == 4
        assert figures["moods"]["bad"] >= 2

    def test_takes_a_single_message(self):
        say_all(CRASH[:1], at=NOVEMBER)
        point = november().pain_points.get()
        assert (point.people_count, point.share) == (1, 1)
        assert point.share_low < 0.3

    def test_assesses_what_nobody_assessed_yet(self):
        said("the app crashes", at=NOVEMBER)
        assert november().message_count == 1

    def test_scrubs_quotes_and_never_quotes_what_is_sensitive(self):
        say_all(["app crashes, call me at 13812345678", *CRASH[:3]], at=NOVEMBER)
        say_all(["我不想活了，想自杀"], at=NOVEMBER, who="s")
        november()
        quoted = " ".join(Quote.objects.values_list("text", flat=True))
        assert "13812345678" not in quoted
        assert "自杀" not in quoted

    def test_quotes_nobody_who_was_erased_while_it_was_counted(self):
        customers = [message.feedback.customer for message in say_all(CRASH, at=NOVEMBER)]

        def erase_all(step, _share):
            for customer in customers if step == "store" else ():
                erase_customer(customer, at=AT)

        summary = november(on_progress=erase_all)
        assert summary.people_count == len(customers)
        assert not Quote.objects.exists()

    def test_says_how_much_of_the_period_had_passed(self):
        say_all(CRASH, at=NOVEMBER)
        summary = november(at=datetime(2026, 11, 16, tzinfo=UTC))
        assert summary.covered == pytest.approx(0.5)

    def test_tells_its_progress(self):
        say_all(CRASH, at=NOVEMBER)
        steps = []
        november(on_progress=lambda step, share: steps.append(step))
        assert list(dict.fromkeys(steps)) == ["read", "group", "name", "write", "count", "store"]


class TestPublish:
    @pytest.fixture
    def published(self):
        say_all(CRASH, at=NOVEMBER)
        return publish(november(), actor=None, at=AT)

    @pytest.mark.parametrize(
        "change",
        [
            lambda s: Summary.objects.filter(pk=s.pk).update(people_count=1),
            lambda s: Summary.objects.filter(pk=s.pk).update(state="draft", published_at=None),
            lambda s: s.pain_points.update(score=9),
            lambda s: s.pain_points.get().quotes.update(text="I never said that"),
            lambda s: Quote.objects.all().delete(),
            lambda s: PainPoint.objects.all().delete(),
            lambda s: Summary.objects.all().delete(),
            lambda s: Quote.objects.create(
                pain_point=s.pain_points.get(),
                message_id=s.pain_points.get().message_ids[0],
                place=9,
                language="en",
                text="x",
            ),
        ],
    )
    def test_leaves_nothing_that_could_change(self, published, change):
        with (
            pytest.raises(DatabaseError, match=r"stays as it is|stay as they are|protected"),
            transaction.atomic(),
        ):
            change(published)

    def test_lets_erasure_empty_a_quote(self, published):
        assert Quote.objects.update(text="") > 0

    def test_lets_a_login_be_deleted(self):
        dee = lead()
        say_all(CRASH, at=NOVEMBER)
        summary = publish(november(), actor=dee, at=AT)
        dee.delete()
        summary.refresh_from_db()
        assert summary.published_by is None

    def test_happens_once(self, published):
        with pytest.raises(NotADraft):
            publish(published, actor=None, at=AT)

    def test_stays_as_it_was_whatever_people_do_with_the_themes(self):
        dee = lead()
        say_all(CRASH, at=NOVEMBER, who="a")
        say_all(REFUND, at=NOVEMBER, who="b")
        summary = publish(november(), actor=dee, at=AT)
        was = numbers(summary)
        one, two = (point.theme for point in summary.pain_points.order_by("rank"))
        rename(one, actor=dee, at=AT, name_en="Something else")
        merge(two, into=one, actor=dee, at=AT)
        hide(one, is_hidden=True, actor=dee, at=AT)
        assert numbers(summary) == was
        assert "Something else" not in {point.name_for("en") for point in summary.pain_points.all()}
        assert november().pain_points.get().message_count == 16


class TestPublishDue:
    def test_waits_three_days_and_leaves_partial_months_alone(self):
        say_all(CRASH, at=NOVEMBER)
        november(at=AT)
        assert publish_due(AT + timedelta(days=2)) == []
        assert len(publish_due(AT + timedelta(days=3))) == 1
        assert publish_due(AT + timedelta(days=4)) == []

    def test_leaves_a_partial_month_alone(self):
        say_all(CRASH, at=NOVEMBER)
        november(at=datetime(2026, 11, 10, tzinfo=UTC))
        assert publish_due(AT) == []


class TestLate:
    def test_counts_what_came_after_the_publication_in_the_next_one(self):
        def imported(number, sent_at, at):
            said(CRASH[number], by=f"l{number}@example.org", sent_at=sent_at, at=at, origin="import")

        def summary(day, at):
            return summarise(month_of(day, "UTC"), at=at, actor=None, origins=["import"])

        imported(0, OCTOBER, NOVEMBER)
        publish(summary(date(2026, 10, 1), NOVEMBER), actor=None, at=NOVEMBER)
        imported(1, OCTOBER, NOVEMBER + timedelta(days=2))
        imported(2, NOVEMBER, NOVEMBER + timedelta(days=2))
        later = summary(date(2026, 11, 1), AT)
        assert (later.message_count, later.late_count) == (2, 1)


class TestFollowUp:
    def test_goes_on_from_summary_to_summary_published_or_not(self):
        dee = lead()
        say_all(CRASH, at=NOVEMBER)
        summary = publish(november(), actor=dee, at=AT)
        theme = summary.pain_points.get().theme
        follow_up(theme, actor=dee, at=AT, status="planned", owner=dee, issue_url="https://issues.example/1")
        follow_up(theme, actor=dee, at=AT, status="fixed", owner=dee, fixed_in="12.4")
        found = FollowUp.objects.get()
        assert (found.status, found.fixed_in, found.issue_url) == ("fixed", "12.4", "")
