from __future__ import annotations

import http.server
import ipaddress
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models.functions import Now

from config.kit.outbox import bells, services
from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_one
from config.kit.outbox.sweeper import sweep_lane
from config.kit.signatures import secret_of, signature
from tests.alarms import minutes, on_call, send_pages, urgent, webhook
from tests.mail_servers.smtp import PostOffice, open_post_office, trickling
from tests.people import NOON
from tests.webhooks import Server, say
from tickets.crisis import sending
from tickets.crisis.escalation import take_due_steps
from tickets.crisis.models import Level, NotificationRoad, PageDelivery
from tickets.crisis.models import PageDeliveryState as State
from tickets.desk.crisis_places import acknowledge
from tickets.desk.models import CrisisPlace
from users.accounts.models import Team, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    with open_post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield office


@pytest.fixture
def no_post_office(settings: Any) -> None:
    """Where the mail server should be, nobody answers."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", closed.getsockname()[1]
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False


@pytest.fixture
def hook(settings: Any) -> Iterator[Server]:
    settings.EGRESS_ALLOWED_NETWORKS = [ipaddress.ip_network("127.0.0.0/8")]
    with Server() as server:
        yield server


@pytest.fixture
def kai() -> User:
    return on_call("kai")


def paged() -> PageDelivery:
    """Let an urgent message come and its first step be taken; return the delivery that is owed."""
    urgent()
    take_due_steps(NOON)
    return PageDelivery.objects.get()


def try_again() -> None:
    """Let the time of the next try come, and try."""
    OutboxRow.objects.filter(kind="page.send").update(due_at=Now() - timedelta(seconds=1))
    send_pages()


class TestMail:
    def test_arrives_with_number_and_link_and_without_any_words_of_the_customer(
        self, kai: User, post_office: PostOffice
    ) -> None:
        delivery = paged()
        send_pages(NOON + minutes(7))
        [taken] = post_office.taken
        text = taken.mail.get_content()
        number = CrisisPlace.objects.get().ticket.number
        assert taken.recipients == ["kai@earshot.example"]
        assert "Technical failure" in taken.mail["Subject"]
        assert number in text
        assert f"/admin/desk/{CrisisPlace.objects.get().ticket.public_id}/" in text
        assert "7\xa0minutes" in text
        assert "messages" not in text
        assert (taken.mail["Auto-Submitted"], taken.mail["Message-ID"]) == (
            "auto-generated",
            f"<page.{delivery.public_id}@127.0.0.1>",
        )
        delivery.refresh_from_db()
        assert (delivery.state, delivery.sent_at) == (State.SENT, NOON + minutes(7))

    def test_counts_those_who_wait_when_it_leaves(self, kai: User, post_office: PostOffice) -> None:
        paged()
        for number in range(7):
            urgent(by=f"{number}@example.org", at=NOON + minutes(1))
        send_pages(NOON + minutes(1))
        mail = post_office.taken[0].mail
        assert "8 tickets wait" in mail["Subject"]
        assert "and 3 more" in mail.get_content()

    def test_is_written_in_the_language_of_its_reader(self, post_office: PostOffice) -> None:
        on_call("kai", language="zh-hans")
        paged()
        send_pages(NOON + minutes(7))
        assert "7\xa0分钟" in post_office.taken[0].mail.get_content()

    def test_is_sent_once(self, kai: User, post_office: PostOffice) -> None:
        paged()
        assert send_pages() == 1
        assert send_pages() == 0
        assert len(post_office.taken) == 1


class TestWebhook:
    def test_is_signed_so_that_its_receiver_can_tell(self, kai: User, hook: Server) -> None:
        road = webhook(kai, f"{hook.url}/page")
        delivery = paged()
        send_pages(NOON)
        [(_method, path, headers, body)] = hook.asked
        assert path == "/page"
        assert headers["webhook-signature"] == signature(
            body,
            event_id=headers["webhook-id"],
            timestamp=headers["webhook-timestamp"],
            secret=secret_of(road.public_id),
        )
        assert headers["webhook-id"] == f"page_{delivery.public_id}"
        assert headers["webhook-timestamp"] == str(int(NOON.timestamp()))
        event = json.loads(body)
        assert (event["type"], event["data"]["category"], event["data"]["count"]) == ("page", "tech", 1)
        assert event["data"]["tickets"][0]["number"] == CrisisPlace.objects.get().ticket.number
        assert "other people" not in body.decode()

    def test_reaches_a_team_in_its_room(self, hook: Server) -> None:
        team = Team.objects.create(slug="night", name="Night watch")
        NotificationRoad.objects.create(team=team, kind="webhook", target=hook.url)
        place = urgent()
        place.policy["steps"] = [{"after_minutes": 0, "notify": "team:night"}]
        place.save()
        take_due_steps(NOON)
        send_pages()
        assert len(hook.asked) == 1

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:1/", "http://10.0.0.1/", "http://169.254.169.254/latest/"]
    )
    def test_goes_to_no_address_inside(self, kai: User, url: str, post_office: PostOffice) -> None:
        webhook(kai, url)
        delivery = paged()
        send_pages()
        delivery.refresh_from_db()
        # The login's mail is the second road.
        assert (delivery.state, delivery.road_kind) == (State.SENT, "mail")
        assert "EgressRefused" in delivery.last_error


class TestSecondRoad:
    def test_is_taken_at_once_when_mail_is_down(self, kai: User, no_post_office: None, hook: Server) -> None:
        NotificationRoad.objects.create(user=kai, target="kai@earshot.example", position=1)
        webhook(kai, hook.url, position=2)
        delivery = paged()
        assert send_pages() == 1
        assert len(hook.asked) == 1
        delivery.refresh_from_db()
        assert (delivery.state, delivery.road_kind, delivery.tries) == (State.SENT, "webhook", 1)
        assert delivery.last_error == "mail: ConnectionRefusedError"

    @pytest.mark.parametrize(
        "answer", [{"RCPT": "550 no such user"}, {"DATA": "451 later"}, {"MAIL": "421 full"}]
    )
    def test_is_taken_when_the_mail_server_refuses(
        self, kai: User, post_office: PostOffice, hook: Server, answer: dict[str, str]
    ) -> None:
        NotificationRoad.objects.create(user=kai, target="kai@earshot.example", position=1)
        webhook(kai, hook.url, position=2)
        post_office.answers = answer
        paged()
        send_pages()
        assert len(hook.asked) == 1

    def test_is_taken_when_the_mail_server_is_silent(self, kai: User, settings: Any, hook: Server) -> None:
        """It accepts the connection and never says a word."""
        NotificationRoad.objects.create(user=kai, target="kai@earshot.example", position=1)
        webhook(kai, hook.url, position=2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
            settings.EMAIL_TIMEOUT = 0.1
            paged()
            send_pages()
        assert len(hook.asked) == 1

    def test_is_taken_when_the_mail_server_trickles(self, kai: User, settings: Any, hook: Server) -> None:
        NotificationRoad.objects.create(user=kai, target="kai@earshot.example", position=1)
        webhook(kai, hook.url, position=2)
        with trickling() as port:
            settings.EMAIL_BACKEND = "config.kit.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 0.3
            settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
            paged()
            send_pages()
        assert len(hook.asked) == 1

    def test_is_taken_when_mail_goes_nowhere(self, kai: User, settings: Any, hook: Server) -> None:
        NotificationRoad.objects.create(user=kai, target="kai@earshot.example", position=1)
        webhook(kai, hook.url, position=2)
        settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
        settings.IS_EMBEDDED = False
        paged()
        send_pages()
        assert len(hook.asked) == 1

    @pytest.mark.parametrize("status", [302, 404, 500])
    def test_is_taken_when_a_webhook_does_not_say_yes(
        self, kai: User, hook: Server, post_office: PostOffice, status: int
    ) -> None:
        webhook(kai, hook.url)
        hook.answer = lambda handler: say(handler, status)
        delivery = paged()
        send_pages()
        assert len(post_office.taken) == 1
        delivery.refresh_from_db()
        assert delivery.last_error == f"webhook: answered {status}"


class TestNobodyReached:
    def test_is_tried_again_and_arrives(self, kai: User, post_office: PostOffice) -> None:
        post_office.answers = {"RCPT": "451 later"}
        delivery = paged()
        send_pages()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries) == (State.PENDING, 1)
        post_office.answers = {}
        try_again()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries, len(post_office.taken)) == (State.SENT, 2, 1)

    def test_brings_the_next_step_forward(self, kai: User, no_post_office: None) -> None:
        on_call("bea", level=Level.BACKUP)
        paged()
        send_pages(NOON + minutes(0.1))
        place = CrisisPlace.objects.get()
        assert (place.step, place.next_step_at) == (1, NOON + minutes(0.1))
        take_due_steps(NOON + minutes(0.1))
        assert PageDelivery.objects.latest("pk").user.username == "bea"

    def test_does_not_while_somebody_else_of_the_step_was_reached(
        self, kai: User, hook: Server, no_post_office: None
    ) -> None:
        webhook(on_call("bo"), hook.url)
        urgent()
        take_due_steps(NOON)
        send_pages(NOON + minutes(0.1))
        assert len(hook.asked) == 1
        assert CrisisPlace.objects.get().next_step_at == NOON + minutes(5)

    def test_keeps_the_rhythm_of_the_last_step(self, kai: User, no_post_office: None) -> None:
        place = urgent()
        place.step = 5
        place.save()
        take_due_steps(NOON)
        send_pages(NOON + minutes(1))
        place.refresh_from_db()
        assert place.next_step_at == NOON + minutes(10)

    def test_is_given_up_after_eight_tries_and_says_so(self, kai: User, no_post_office: None) -> None:
        delivery = paged()
        for _try in range(services.MOST_ATTEMPTS):
            try_again()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries) == (State.FAILED, services.MOST_ATTEMPTS)
        assert delivery.last_error == "mail: ConnectionRefusedError"


class TestNeed:
    def test_is_gone_when_somebody_took_it_meanwhile(self, kai: User, post_office: PostOffice) -> None:
        delivery = paged()
        acknowledge(CrisisPlace.objects.get(), actor=kai, at=NOON)
        send_pages()
        delivery.refresh_from_db()
        assert (delivery.state, post_office.taken) == (State.SKIPPED, [])

    def test_stays_while_another_of_its_kind_waits(self, kai: User, post_office: PostOffice) -> None:
        paged()
        urgent(by="lin@example.org")
        take_due_steps(NOON)
        acknowledge(CrisisPlace.objects.earliest("pk"), actor=kai, at=NOON)
        send_pages()
        assert len(post_office.taken) == 1

    def test_is_gone_when_a_newer_page_tells_the_same(self, kai: User, post_office: PostOffice) -> None:
        """The mail server was away for long: when it is back nobody is told five times at once."""
        paged()
        take_due_steps(NOON + minutes(5))
        take_due_steps(NOON + minutes(10))
        take_due_steps(NOON + minutes(20))
        send_pages(NOON + minutes(20))
        assert len(post_office.taken) == 1
        assert "notification 4" in post_office.taken[0].mail.get_content()


class TestCrash:
    def test_of_the_sender_sends_again_under_the_same_id(
        self, kai: User, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Killed(BaseException):
            pass

        send = sending._send_mail

        def send_and_die(*args: Any, **kwargs: Any) -> None:
            send(*args, **kwargs)
            raise Killed

        monkeypatch.setattr(sending, "_send_mail", send_and_die)
        delivery = paged()
        with pytest.raises(Killed):
            run_one(Lane.PAGE, at=NOON, by="test")
        delivery.refresh_from_db()
        assert delivery.state == State.SENDING
        monkeypatch.setattr(sending, "_send_mail", send)
        OutboxRow.objects.filter(kind="page.send").update(lease_until=Now() - timedelta(seconds=1))
        send_pages()
        delivery.refresh_from_db()
        assert (delivery.state, delivery.was_resent) == (State.SENT, True)
        first, second = (taken.mail["Message-ID"] for taken in post_office.taken)
        assert first == second


@pytest.mark.django_db(transaction=True)
class TestWithoutRedis:
    def test_pages_leave_at_once(
        self, settings: Any, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*args: Any, **kwargs: Any) -> None:
            raise ConnectionRefusedError

        monkeypatch.setattr(bells.current_app, "send_task", refuse)
        # Put back afterwards: a bell that failed silences the next ones for a while.
        monkeypatch.setattr(bells.ringer, "silent_until", 0.0)
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
        on_call("kai")
        urgent()
        take_due_steps(NOON)
        assert sweep_lane(Lane.PAGE) == 1
        assert len(post_office.taken) == 1


class TestSlowWebhook:
    def test_ends_in_time(
        self, kai: User, hook: Server, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("config.kit.egress.MOST_SECONDS", 0.1)
        webhook(kai, hook.url)

        def sleep(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.connection.recv(1)

        hook.answer = sleep
        paged()
        send_pages()
        assert len(post_office.taken) == 1
