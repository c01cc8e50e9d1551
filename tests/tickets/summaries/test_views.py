import json
import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from feedback.themes.models import SplitOutcome, Theme
from tests.months import CRASH, PRAISE, REFUND, say_all, summarised
from tests.people import agent, lead
from tickets.summaries.models import FollowUp, State, Summary, SummaryRun
from tickets.summaries.services import publish

pytestmark = pytest.mark.django_db

OCTOBER = datetime(2026, 10, 3, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 3, tzinfo=UTC)
AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def summary():
    say_all(CRASH, at=OCTOBER, who="z")
    say_all(CRASH, at=NOVEMBER, who="a", app_version="12.4")
    say_all(REFUND, at=NOVEMBER, who="b", app_version="12.3")
    say_all(PRAISE, at=NOVEMBER, who="c")
    say_all(["我不想活了，想自杀"], at=NOVEMBER, who="s")
    return summarised()


@pytest.fixture
def dee(client):
    user = lead()
    client.force_login(user)
    return user


def address(name, summary, *rest):
    return reverse(f"summaries:{name}", args=[summary.public_id, *rest])


class TestSummaryPage:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_says_what_hurts_in_the_readers_language(self, client, dee, summary, language):
        page = client.get(address("summary", summary), headers={"Accept-Language": language}).content.decode()
        assert ("Crash" in page) is (language == "en")
        assert ("闪退" in page) is (language == "zh-hans")
        assert "</svg>" in page

    def test_says_when_most_of_a_theme_is_one_text(self, client, dee):
        text = "Please team unfreeze my account, I worked so hard for it"
        say_all([f"{text} {number}" for number in range(6)], at=NOVEMBER)
        summary = summarised()
        told = "6 of 6 messages are nearly the same text"
        assert told in client.get(address("summary", summary)).content.decode()
        point = summary.pain_points.get()
        assert told in client.get(address("point", summary, point.public_id)).content.decode()

    def test_costs_the_same_queries_for_any_number_of_themes(
        self, client, dee, summary, django_assert_max_num_queries
    ):
        client.get(address("summary", summary))
        with django_assert_max_num_queries(16):
            client.get(address("summary", summary))

    def test_shows_drafts_to_leads_only(self, client, summary):
        client.force_login(agent("ana"))
        assert client.get(address("summary", summary)).status_code == 404
        publish(summary, actor=None, at=AT)
        assert client.get(address("summary", summary)).status_code == 200

    def test_asks_who_is_nobody_to_log_in(self, client, summary):
        assert client.get(address("summary", summary)).status_code == 302

    def test_runs_no_text_of_a_customer(self, client, dee):
        say_all([f"<script>alert({number})</script> crash" for number in range(3)], at=NOVEMBER)
        summary = summarised()
        page = client.get(address("summary", summary)).content.decode()
        assert "<script>alert" not in page

    def test_takes_the_first_message_ever(self, client, dee):
        say_all(CRASH[:1], at=NOVEMBER)
        summary = summarised()
        page = client.get(address("summary", summary))
        assert page.status_code == 200
        assert "Fewer than ten people" in page.content.decode()


class TestPointPage:
    def test_opens_the_messages_behind_the_number(self, client, dee, summary):
        point = next(point for point in summary.pain_points.all() if "闪退" in point.labels.get("zh", ""))
        page = client.get(address("point", summary, point.public_id)).content.decode()
        assert all(text in page for text in CRASH)

    def test_shows_nobody_outside_the_crisis_team_what_is_sensitive(self, client, dee, summary):
        shown = ""
        for point in summary.pain_points.all():
            shown += client.get(address("point", summary, point.public_id)).content.decode()
        assert "自杀" not in shown

    def test_shows_an_agent_only_messages_of_their_tickets(self, client, summary):
        publish(summary, actor=None, at=AT)
        client.force_login(agent("ana"))
        point = summary.pain_points.order_by("rank").first()
        page = client.get(address("point", summary, point.public_id)).content.decode()
        assert "8 not shown to you" in page

    @pytest.mark.parametrize("page", ["2", "0", "x", "99999", "9" * 30, "9" * 5000])
    def test_takes_any_page_number(self, client, dee, summary, page):
        point = summary.pain_points.order_by("rank").first()
        assert client.get(address("point", summary, point.public_id), {"page": page}).status_code == 200


class TestLeadActions:
    def test_publish(self, client, dee, summary):
        client.post(address("publish", summary))
        summary.refresh_from_db()
        assert (summary.state, summary.published_by) == (State.PUBLISHED, dee)
        assert client.post(address("publish", summary)).status_code == 302

    def test_ask_for_a_period(self, client, dee):
        client.post(
            reverse("summaries:ask"), {"kind": "week", "first": "2026-11-04", "origin": ["live", "import"]}
        )
        run = SummaryRun.objects.get()
        assert (run.kind, run.origins, run.asked_by) == ("week", ["import", "live"], dee)
        assert "running" in client.get(reverse("summaries:list")).content.decode()
        client.post(reverse("summaries:cancel", args=[run.pk]))
        assert not SummaryRun.objects.open().exists()

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_begin_with_a_day_that_the_browsers_field_can_show(self, client, dee, language):
        page = client.get(reverse("summaries:list"), headers={"Accept-Language": language}).content.decode()
        first = re.search(r'<input type="date" name="first" value="([^"]*)"', page)
        assert first is not None
        assert date.fromisoformat(first[1])

    def test_refuse_a_period_that_ends_before_it_starts(self, client, dee):
        asked = {"kind": "custom", "first": "2026-11-04", "last": "2026-11-01", "origin": ["live"]}
        page = client.post(reverse("summaries:ask"), asked, follow=True).content.decode()
        assert "must not be before" in page
        assert not SummaryRun.objects.exists()

    @pytest.mark.parametrize("kind", ["month", "week", "custom"])
    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_refuse_a_day_at_the_end_of_the_calendar(self, client, dee, kind, day):
        asked = {"kind": kind, "first": day, "last": day, "origin": ["live"]}
        page = client.post(reverse("summaries:ask"), asked, follow=True).content.decode()
        assert "1990 to 2200" in page
        assert not SummaryRun.objects.exists()

    def test_follow_up(self, client, dee, summary):
        dee.first_name = "Dee"
        dee.save(update_fields=["first_name"])
        point = summary.pain_points.order_by("rank").first()
        sent = {
            "status": "planned",
            "owner": dee.pk,
            "issue_url": "https://issues.example/7",
            "fixed_in": "",
            "note": "",
        }
        page = client.post(address("follow_up", summary, point.public_id), sent, follow=True).content.decode()
        assert FollowUp.objects.get().owner == dee
        assert "Saved." in page
        assert f'<option value="{dee.pk}" selected>Dee</option>' in page
        sent["issue_url"] = "javascript:alert(1)"
        client.post(address("follow_up", summary, point.public_id), sent)
        assert FollowUp.objects.get().issue_url == "https://issues.example/7"

    def test_change_the_theme(self, client, dee, summary):
        one, two = summary.pain_points.filter(is_praise=False).order_by("rank")[:2]
        where = address("theme", summary, one.public_id)
        client.post(where, {"do": "rename", "name_en": "Start crash", "name_zh": "启动闪退"})
        client.post(where, {"do": "pin"})
        client.post(address("theme", summary, two.public_id), {"do": "merge", "into": one.theme.public_id})
        theme = Theme.objects.get(pk=one.theme_id)
        assert (theme.name_en, theme.is_pinned) == ("Start crash", True)
        assert Theme.objects.get(pk=two.theme_id).merged_into == theme
        assert client.post(where, {"do": "explode"}).status_code == 404
        assert client.post(where, {"do": "merge", "into": "no id"}).status_code == 404

    def test_name_and_hide_a_theme_in_drafts_at_once(self, client, dee, summary):
        point = summary.pain_points.filter(is_praise=False).order_by("rank")[0]
        where = address("theme", summary, point.public_id)
        client.post(where, {"do": "rename", "name_en": "Start crash"})
        assert "Start crash" in client.get(address("summary", summary)).content.decode()
        client.post(where, {"do": "hide"})
        page = client.get(address("summary", summary)).content.decode()
        assert "counted all the same" in page
        assert page.count("Start crash") == 1
        client.post(where, {"do": "show"})
        client.post(address("publish", summary))
        client.post(where, {"do": "rename", "name_en": "Another name"})
        assert "Another name" not in client.get(address("summary", summary)).content.decode()

    def test_have_a_theme_split_in_the_background_and_read_why_nothing_came_of_it(self, client, dee, summary):
        point = summary.pain_points.filter(is_praise=False).order_by("rank")[0]
        page = client.post(address("theme", summary, point.public_id), {"do": "split"}, follow=True)
        assert "Being split since" in page.content.decode()
        assert 'value="split" disabled' in page.content.decode()
        point.theme.splits.update(outcome=SplitOutcome.ONE_THING, finished_at=summary.end_at)
        page = client.get(address("point", summary, point.public_id)).content.decode()
        assert "there is nothing to split" in page
        assert 'value="split" disabled' not in page

    def test_read_what_was_split_off_a_theme(self, client, dee, summary):
        one, two = summary.pain_points.filter(is_praise=False).order_by("rank")[:2]
        Theme.objects.filter(pk=two.theme_id).update(split_from=one.theme, name_en="Lost money")
        page = client.get(address("point", summary, one.public_id)).content.decode()
        assert "Split off from it: <bdi>Lost money</bdi>" in page

    def test_merge_with_no_theme_but_a_chosen_one(self, client, dee, summary):
        point = summary.pain_points.order_by("rank")[0]
        page = client.get(address("point", summary, point.public_id)).content.decode()
        assert '<select name="into"><option value="">' in page
        told = client.post(
            address("theme", summary, point.public_id), {"do": "merge", "into": ""}, follow=True
        ).content.decode()
        assert "Choose the theme that this one is to be part of." in told
        assert not Theme.objects.exclude(merged_into=None).exists()

    def test_are_for_leads_and_by_post(self, client, summary):
        client.force_login(agent("ana"))
        publish(summary, actor=None, at=AT)
        for name in ("publish", "again"):
            assert client.post(address(name, summary)).status_code == 403
        client.force_login(lead())
        assert client.get(address("again", summary)).status_code == 405
        assert Summary.objects.count() == 1


class TestExport:
    @pytest.mark.parametrize(("form", "begins"), [("csv", "\ufeffrank,"), ("json", "{"), ("md", "# ")])
    def test_gives_the_summary_out(self, client, dee, summary, form, begins):
        response = client.get(address("export", summary, form))
        body = (b"".join(response) if response.streaming else response.content).decode()
        assert body.startswith(begins)
        assert f'filename="earshot-2026-11-r1.{form}"' in response["Content-Disposition"]
        if form == "json":
            assert json.loads(body)["id"] == str(summary.public_id)
