import pytest
from django.urls import reverse

from tests.people import NOON, agent, lead
from tests.tickets.fixes.test_services import fixed, reported, theme, told, work
from tickets.fixes.models import Fix, FixState
from tickets.summaries.services import follow_up

__all__ = ["theme"]

pytestmark = pytest.mark.django_db


def page_of(client, fix: Fix, **query) -> str:
    return client.get(reverse("summaries:fix", args=[fix.public_id]), query).content.decode()


def press(client, fix: Fix, what: str):
    return client.post(reverse("summaries:fix_move", args=[fix.public_id]), {"do": what}, follow=True)


class TestFollowUp:
    def test_prepares_the_message_when_it_is_fixed_in_a_version(self, theme):
        dee = lead()
        follow_up(theme, actor=dee, at=NOON, status="fixed")
        assert not Fix.objects.exists()
        for _ in range(2):
            follow_up(theme, actor=dee, at=NOON, status="fixed", fixed_in="12.4")
        assert Fix.objects.get().state == FixState.DRAFT


class TestFixPage:
    def test_previews_whom_it_reaches_and_what_they_read(self, client, theme):
        client.force_login(lead())
        reported(theme)
        reported(theme, "闪退", by="lin@example.org", language="zh-Hans")
        reported(theme, by="late@example.org", app_version="13.0")
        page = page_of(client, fixed(theme))
        assert "Tell 2 people" in page
        assert "it is fixed in version 12.4" in page
        assert "简体中文" in page
        assert "Reported it in this version or a later one" in page

    def test_starts_pauses_goes_on_and_cancels_by_a_press(self, client, theme):
        client.force_login(lead())
        reported(theme)
        fix = fixed(theme)
        for what, state in (("start", "telling"), ("pause", "paused"), ("go_on", "telling")):
            press(client, fix, what)
            fix.refresh_from_db()
            assert fix.state == state
        work()
        assert "This cannot be done now" in press(client, fix, "start").content.decode()

    def test_lists_who_was_told_and_what_came_back(self, client, theme):
        reported(theme)
        reported(theme, by="late@example.org", app_version="13.0")
        fix = told(theme)
        client.force_login(lead())
        assert "E-" in page_of(client, fix)
        assert (
            "Nobody."
            not in page_of(client, fix, state="silent")
            .partition("Who reported it")[2]
            .partition("</table>")[0]
        )
        assert "Nobody." in page_of(client, fix, state="confirmed")

    def test_costs_the_same_queries_for_any_number_of_people(
        self, client, theme, django_assert_max_num_queries
    ):
        for number in range(4):
            reported(theme, by=f"p{number}@example.org")
        fix = told(theme)
        client.force_login(lead())
        page_of(client, fix)
        with django_assert_max_num_queries(26):
            page_of(client, fix)

    def test_keeps_the_leads_words_and_refuses_unknown_variables(self, client, theme):
        client.force_login(lead())
        fix = fixed(theme)
        where = reverse("summaries:fix_wording", args=[fix.public_id])
        client.post(where, {"language": "ja", "text": "{customer}、直りました。"})
        assert fix.wordings.filter(language="ja").exists()
        page = client.post(where, {"language": "ja", "text": "{secret}"}, follow=True).content.decode()
        assert "Nobody would replace {secret}" in page

    def test_is_for_leads(self, client, theme):
        fix = fixed(theme)
        client.force_login(agent("ana"))
        assert client.get(reverse("summaries:fix", args=[fix.public_id])).status_code == 403
        assert press(client, fix, "start").status_code == 403
