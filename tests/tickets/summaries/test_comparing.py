from datetime import UTC, datetime

import pytest
from django.urls import reverse

from feedback.themes.models import Theme
from feedback.themes.trend import USUAL_SPREAD, Change
from tests.months import ADS, CRASH, REFUND, say_all, summarised
from tests.people import agent, lead
from tickets.summaries import comparing
from tickets.summaries.comparing import Difference, as_json, compare_summaries
from tickets.summaries.models import Summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Summary, Summary]:
    """Return October (crash, ads) and November (five times the crashes, refunds)."""
    october, november = datetime(2026, 10, 3, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)
    say_all(CRASH, at=october, who="a")
    say_all(ADS, at=october, who="b", times=5)
    before = summarised(10)
    say_all(CRASH, at=november, who="c", times=5)
    say_all(REFUND, at=november, who="d")
    after = summarised()
    # As a lead would, where the grouping did not see that it is the same.
    crash = [
        next(point.theme_id for point in one.pain_points.all() if "crash" in point.name_for("en").lower())
        for one in (before, after)
    ]
    if crash[0] != crash[1]:
        Theme.objects.filter(pk=crash[0]).update(merged_into=crash[1])
    return before, after


class TestCompareSummaries:
    def test_says_what_is_new_gone_and_worse(self, pair):
        rows = {row.point.name_for("en"): row for row in compare_summaries(*pair)}
        found = {}
        for name, row in rows.items():
            key = next((word for word in ("crash", "refund", "ad") if word in name.lower()), name)
            found[key] = row
        assert found["crash"].difference == Difference.WORSE
        assert found["refund"].difference == Difference.NEW
        assert found["ad"].difference == Difference.GONE
        assert found["crash"].before.people == 8
        assert found["crash"].after.people == 40
        assert found["crash"].steps is not None

    def test_calls_chance_what_the_second_summary_knows_to_be_chance(self, pair):
        before, after = pair
        assert after.overview["spread"] == USUAL_SPREAD
        after.overview["spread"] = 1.0
        assert not {row.difference for row in compare_summaries(before, after)} & {
            Difference.WORSE,
            Difference.BETTER,
        }

    def test_doubts_what_would_count_alone(self, pair, monkeypatch):
        doubtful = Change(8.0, 4.8, low=1.1, high=21.0, z=2.1, chance=0.04, is_significant=False)
        monkeypatch.setattr(comparing, "compare", lambda present, *_past, **_known: [doubtful] * len(present))
        (row,) = [row for row in compare_summaries(*pair) if row.change]
        assert row.difference == Difference.UNSURE

    def test_compared_with_itself_nothing_changed(self, pair):
        assert {row.difference for row in compare_summaries(pair[1], pair[1])} == {Difference.SAME}

    def test_counts_merged_themes_as_one(self, pair):
        one, two = pair[1].pain_points.order_by("rank")[:2]
        Theme.objects.filter(pk=two.theme_id).update(merged_into=one.theme)
        rows = compare_summaries(*pair)
        assert sum(row.after is not None for row in rows) == 1

    def test_is_json_without_prose(self, pair):
        told = as_json(*pair, compare_summaries(*pair))
        assert {one["difference"] for one in told["themes"]} <= set(Difference.values)
        assert told["before"]["title"] == "2026-10"

    def test_takes_two_that_have_nothing_in_common(self):
        october, november = datetime(2026, 10, 3, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)
        say_all(ADS, at=october, who="b")
        before = summarised(10)
        say_all(REFUND, at=november, who="d")
        after = summarised()
        assert {row.difference for row in compare_summaries(before, after)} == {
            Difference.NEW,
            Difference.GONE,
        }


class TestComparePage:
    def test_shows_the_two_newest_of_a_kind_unless_asked(self, client, pair):
        client.force_login(lead())
        page = client.get(reverse("summaries:compare")).content.decode()
        assert "2026-10" in page
        assert "Only in the first" in page
        assert "against the mean of 2026-10" in page

    @pytest.mark.parametrize("asked", ["x", "00000000-0000-0000-0000-000000000000"])
    def test_knows_nothing_of_others(self, client, pair, asked):
        client.force_login(lead())
        assert client.get(reverse("summaries:compare"), {"before": asked}).status_code == 404

    def test_shows_agents_no_drafts(self, client, pair):
        client.force_login(agent("ana"))
        assert "2026-10" not in client.get(reverse("summaries:compare")).content.decode()
        asked = {"before": str(pair[0].public_id), "after": str(pair[1].public_id)}
        assert client.get(reverse("summaries:compare"), asked).status_code == 404
