from __future__ import annotations

import pytest

from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_one
from tests.people import NOON, agent, client_of, opened
from tickets.replies.models import Delivery, DeliveryState
from tickets.replies.services import reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(ana) -> Delivery:
    ticket = opened("付款失败", subject="付款", origin=Origin.DEMO)
    delivery = reply(ticket, text="我们在查 <b>", author=ana, at=NOON, language="zh-Hans").delivery
    assert delivery is not None
    return delivery


class TestOutgoingMail:
    def test_lists_what_would_leave(self, ana, held) -> None:
        html = client_of(ana).get("/admin/desk/mail/", {"state": "held"}).content.decode()
        assert "kim@example.org" in html
        assert "我们在查 &lt;b&gt;" in html
        assert "kim@example.org" not in client_of(ana).get("/admin/desk/mail/?state=sent").content.decode()

    def test_ignores_a_place_that_no_list_has(self, ana, held) -> None:
        for before in ("9" * 30, "9" * 5000, "-1", "x"):
            assert (
                "kim@example.org" in client_of(ana).get(f"/admin/desk/mail/?before={before}").content.decode()
            )

    def test_costs_the_same_for_one_and_for_many(self, ana, held, django_assert_max_num_queries) -> None:
        client = client_of(ana)
        with django_assert_max_num_queries(12) as one:
            client.get("/admin/desk/mail/")
        for number in range(4):
            ticket = opened(f"question {number}", by=f"k{number}@example.org", origin=Origin.DEMO)
            reply(ticket, text="yes", author=ana, at=NOON, language="en")
        with django_assert_max_num_queries(len(one)):
            client.get("/admin/desk/mail/")

    def test_is_only_of_tickets_one_may_read(self, held) -> None:
        client = client_of(agent("cyd", team="other", queue="other"))
        assert "kim@example.org" not in client.get("/admin/desk/mail/").content.decode()
        for name in ("", "html/"):
            assert client.get(f"/admin/desk/mail/{held.pk}/{name}").status_code == 404


class TestOneMail:
    def test_shows_the_very_mail(self, ana, held) -> None:
        html = client_of(ana).get(f"/admin/desk/mail/{held.pk}/").content.decode()
        for words in ("Re: 付款", "kim@example.org", "Message-ID", "我们在查"):
            assert words in html

    def test_shows_its_html_in_a_sandbox(self, ana, held) -> None:
        response = client_of(ana).get(f"/admin/desk/mail/{held.pk}/html/")
        assert "我们在查 &lt;b&gt;" in response.content.decode()
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "SAMEORIGIN"

    def test_lets_its_links_open_as_pages_of_their_own(self, ana, held) -> None:
        response = client_of(ana).get(f"/admin/desk/mail/{held.pk}/html/")
        assert '<base target="_blank">' in response.content.decode()
        assert "allow-popups-to-escape-sandbox" in response["Content-Security-Policy"]


class TestHeld:
    def test_is_what_becomes_of_mail_without_a_server(self, ana, settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
        reply(opened("hello"), text="hi", author=ana, at=NOON, language="en")
        run_one(Lane.DEFAULT, at=NOON, by="test")
        delivery = Delivery.objects.get()
        assert delivery.state == DeliveryState.HELD
        assert "EMAIL_URL" in delivery.last_error
