from datetime import timedelta

import pytest
from django.urls import reverse

from config.kit.secret_links import secret_token
from tests.people import NOON
from tests.tickets.fixes.test_services import reported, theme, told
from tickets.fixes.models import Reporter, ReporterState
from tickets.fixes.wording import SALT
from users.profiles.holdings import erase_customer
from users.profiles.models import Preferences

__all__ = ["theme"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(theme) -> str:
    reported(theme)
    told(theme)
    return reverse("fix-answer", args=[secret_token(SALT, Reporter.objects.get().public_id)])


class TestAnswerPage:
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_asks_and_keeps_what_is_pressed(self, client, address, language):
        page = client.get(address, headers={"Accept-Language": language})
        assert "12.4" in page.content.decode()
        assert Reporter.objects.get().answer == "", "mail scanners follow links"
        client.post(address, {"answer": "no"})
        client.post(address, {"answer": "yes"})
        assert Reporter.objects.get().answer == "yes"

    def test_leads_on_to_the_conversation_when_it_is_still_broken(self, client, address):
        assert "/status/" in client.post(address, {"answer": "no"}).content.decode()

    def test_ends_such_news(self, client, address):
        client.post(address, {"stop": "1"})
        assert Preferences.objects.get().opt_outs == ["updates"]

    def test_is_a_secret_that_stays_one(self, client, address):
        page = client.get(address)
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]

    def test_opens_for_nobody_else_and_not_after_erasure(self, client, address):
        assert client.get(reverse("fix-answer", args=["abc.def"])).status_code == 404
        assert client.get(address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 404
        erase_customer(Reporter.objects.get().customer, at=NOON + timedelta(days=11))
        assert client.get(address).status_code == 404

    def test_ignores_what_was_not_offered(self, client, address):
        assert client.post(address, {"answer": "maybe"}).status_code == 200
        assert Reporter.objects.get().state == ReporterState.TOLD
        assert Reporter.objects.get().answer == ""
