from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from config.kit.origins import Origin
from feedback.analysis.models import Assessment
from feedback.intake.models import Message
from tests.alarms import watcher
from tests.people import agent, client_of, lead
from tests.tickets.warnings.months import NIGHT
from tickets.warnings.looking import look
from tickets.warnings.models import EarlyWarning, State
from tickets.warnings.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def warning(burst: list[Message]) -> EarlyWarning:
    (found,) = record(look(NIGHT), at=NIGHT)
    return found


def page_of(warning: EarlyWarning) -> str:
    return f"/admin/warnings/{warning.public_id}/"


class TestTheList:
    def test_says_that_all_is_calm(self, client: Client) -> None:
        client.force_login(lead())
        assert "Nothing is louder than usual" in client.get("/admin/warnings/").content.decode()

    def test_shows_what_is_coming_and_what_went_by(self, warning: EarlyWarning) -> None:
        shown = client_of(lead()).get("/admin/warnings/").content.decode()
        assert "12 people within" in shown
        EarlyWarning.objects.update(state=State.RESOLVED, resolved_at=NIGHT)
        shown = client_of(lead("eva")).get("/admin/warnings/").content.decode()
        assert "Nothing is louder than usual" in shown
        assert page_of(warning) in shown

    def test_costs_the_same_for_many(
        self, warning: EarlyWarning, django_assert_max_num_queries: object
    ) -> None:
        browser = client_of(lead())
        browser.get("/admin/warnings/")
        for number in range(5):
            EarlyWarning.objects.create(
                **{
                    field.name: getattr(warning, field.name)
                    for field in EarlyWarning._meta.concrete_fields
                    if field.name not in ("id", "public_id")
                }
                | {"opened_at": NIGHT - timedelta(hours=number)}
            )
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            browser.get("/admin/warnings/")

    def test_is_on_the_first_page_of_our_people(self, warning: EarlyWarning) -> None:
        assert page_of(warning) in client_of(agent("ana")).get("/admin/").content.decode()


class TestThePage:
    def test_shows_the_numbers_and_the_messages_a_lead_may_read(self, warning: EarlyWarning) -> None:
        shown = client_of(lead()).get(page_of(warning)).content.decode()
        assert "12 people within" in shown
        assert "cannot log in, the code never arrives" in shown

    def test_shows_nobody_what_only_the_crisis_team_may_read(self, warning: EarlyWarning) -> None:
        Assessment.objects.filter(message__in=warning.message_ids).update(flags=["sensitive"])
        shown = client_of(lead()).get(page_of(warning)).content.decode()
        assert "the code never arrives" not in shown
        assert "12 not shown to you" in shown

    def test_says_what_most_of_them_share(self, warning: EarlyWarning) -> None:
        for message in Message.objects.filter(pk__in=warning.message_ids).select_related("feedback"):
            message.feedback.app_version = "8.4.0"
            message.feedback.save(update_fields=["app_version"])
        assert "8.4.0" in client_of(lead()).get(page_of(warning)).content.decode()

    def test_is_not_there_for_customers(self, warning: EarlyWarning, client: Client) -> None:
        assert client.get(page_of(warning)).status_code == 302

    def test_lets_leads_and_the_crisis_team_decide(self, warning: EarlyWarning) -> None:
        for number, user in enumerate((lead(), watcher("wen"))):
            EarlyWarning.objects.update(state=State.OPEN)
            answer = client_of(user).post(f"{page_of(warning)}decide/", {"do": "confirm", "note": "mine"})
            warning.refresh_from_db()
            assert (answer.status_code, warning.state, warning.decided_by) == (302, State.CONFIRMED, user), (
                number
            )

    def test_lets_no_other_agent_decide(self, warning: EarlyWarning) -> None:
        browser = client_of(agent("ana"))
        assert "It is over" not in browser.get(page_of(warning)).content.decode()
        assert browser.post(f"{page_of(warning)}decide/", {"do": "resolve"}).status_code == 403
        warning.refresh_from_db()
        assert warning.state == State.OPEN

    @pytest.mark.parametrize("form", [{"do": "dismiss"}, {"do": "dance"}, {}])
    def test_says_what_is_missing(self, warning: EarlyWarning, form: dict[str, str]) -> None:
        browser = client_of(lead())
        answer = browser.post(f"{page_of(warning)}decide/", form, follow=True)
        assert [str(message) for message in answer.context["messages"]]
        warning.refresh_from_db()
        assert warning.state == State.OPEN

    def test_takes_a_page_number_of_anything(self, warning: EarlyWarning) -> None:
        for number in ("0", "-1", "x", "99999999999999999999"):
            assert client_of(lead(f"l{number}")).get(page_of(warning), {"page": number}).status_code == 200

    def test_says_where_it_comes_from(self, warning: EarlyWarning) -> None:
        EarlyWarning.objects.update(origin=Origin.DEMO)
        assert "Demo" in client_of(lead()).get("/admin/warnings/").content.decode()
