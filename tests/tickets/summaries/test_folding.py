import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from feedback.themes.models import Theme
from feedback.themes.services import pin
from tests.months import ADS, CRASH, REFUND, say_all, summarised
from tests.people import lead
from tickets.summaries.exports import as_csv
from tickets.summaries.markdown import as_markdown
from tickets.summaries.shown import page_of

pytestmark = pytest.mark.django_db

OCTOBER = datetime(2026, 10, 3, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 12, 9, tzinfo=UTC)
AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def outbreak():
    """Crashes and lost refunds in one hour, four people telling of both; advertisements as ever."""
    say_all(ADS, at=OCTOBER, who="z")
    for day in range(8):
        say_all(ADS[day : day + 1], at=OCTOBER + timedelta(days=30 + 2 * day), who=f"y{day}")
    say_all(CRASH, at=NOVEMBER, who="a")
    say_all(REFUND[:4], at=NOVEMBER + timedelta(minutes=20), who="a")
    say_all(REFUND[4:], at=NOVEMBER + timedelta(minutes=40), who="b")


def rows_of(summary):
    return list(csv.DictReader(io.StringIO("".join(as_csv(summary)).lstrip("\ufeff"))))


class TestFolding:
    def test_shows_what_broke_out_together_as_one_and_counts_people_once(self, outbreak):
        summary = summarised()
        first, *others = page_of(summary, language="en").cards
        assert [card.name for card in others] == [others[0].name]
        assert "ad" in others[0].name.lower()
        assert (first.people, summary.people_count) == (12, 20)
        assert sorted(one.people for one in first.told_as) == [8, 8]
        assert first.broke_out_on == date(2026, 11, 12)
        assert first.past == [None, None, None, None, None, 0.0]

    def test_ranks_the_outbreak_by_all_of_it_and_its_other_themes_behind(self, outbreak):
        summary = summarised()
        (stored,) = summary.overview["outbreaks"]
        assert stored["ranks"] == [1, 3]
        first = summary.pain_points.get(rank=1)
        assert stored["score"] > first.score
        assert stored["urgent"] == sum(
            summary.pain_points.filter(rank__in=[1, 3]).values_list("urgent_count", flat=True)
        )

    def test_tells_it_in_every_form(self, outbreak, client):
        summary = summarised()
        client.force_login(lead())
        page = client.get(reverse("summaries:summary", args=[summary.public_id])).content.decode()
        told = "2 themes broke out in the same hours of 2026-11-12"
        assert told in page
        for point in summary.pain_points.filter(rank__in=[1, 3]):
            own = client.get(
                reverse("summaries:point", args=[summary.public_id, point.public_id])
            ).content.decode()
            assert "Broke out in the same hours" in own
            assert "2026-11 · #1<" in own
        assert told in as_markdown(summary)
        rows = rows_of(summary)
        assert [row["outbreak"] for row in rows] == ["1", "", "1"]
        assert [row["outbreak_people"] for row in rows] == ["12", "", "12"]

    def test_leaves_apart_what_people_pinned(self, outbreak):
        summarised()
        dee = lead()
        for theme in Theme.objects.all():
            pin(theme, is_pinned=True, actor=dee, at=AT)
        assert len(page_of(summarised(), language="en").cards) == 3

    def test_folds_a_snapshot_that_was_made_before_all_of_it_was_counted(self, outbreak):
        summary = summarised()
        (stored,) = summary.overview["outbreaks"]
        summary.overview["outbreaks"] = [{name: stored[name] for name in ("day", "ranks", "people")}]
        first, other = page_of(summary, language="en").cards
        assert (first.people, other.people) == (12, 8)
