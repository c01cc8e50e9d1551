import smtplib
import time
from dataclasses import replace

import pytest

from feedback.channels.contract import SendState
from feedback.channels.email.mailbox import Server
from feedback.channels.email.smtp import Envelope, hand_over
from tests.mail_servers.dovecot import free_port
from tests.mail_servers.smtp import open_post_office, trickling

MAIL = Envelope("support@earshot.example", "kim@example.org", b"Subject: hi\r\n\r\nhello\r\n")


@pytest.fixture(scope="module")
def running_office():
    with open_post_office() as office:
        yield office


@pytest.fixture
def office(running_office):
    running_office.taken.clear()
    running_office.answers.clear()
    running_office.seconds_per_answer = 0.0
    return running_office


def server(port):
    return Server("127.0.0.1", port, "none", "", "")


class TestHandOver:
    def test_delivers(self, office):
        assert hand_over(server(office.port), MAIL).state is SendState.SENT
        taken = office.taken[0]
        assert (taken.sender, taken.recipients) == ("support@earshot.example", ["kim@example.org"])
        assert taken.mail.get_content() == "hello\r\n"

    def test_ends_every_line_as_smtp_does(self, office):
        # Taken for one line, this would be longer than a server reads.
        lines = ["a short line"] * 100
        content = "\n".join(["Subject: hi", "", *lines, ".", "", "mixed\r", "old\rend", ""]).encode()
        assert hand_over(server(office.port), replace(MAIL, content=content)).state is SendState.SENT
        taken = office.taken[0].content.decode().split("\r\n")
        assert taken[2:] == [*lines, ".", "", "mixed", "old", "end", ""]

    def test_sends_the_null_return_path(self, office):
        assert (
            hand_over(server(office.port), Envelope("", "kim@example.org", MAIL.content)).state
            is SendState.SENT
        )
        assert office.taken[0].sender == "<>"

    @pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
    def test_gives_up_on_a_refusal(self, office, command):
        office.answers[command] = "550 5.1.1 no such user"
        result = hand_over(server(office.port), MAIL)
        assert result.state is SendState.REFUSED
        assert result.detail == "550 5.1.1 no such user"

    @pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
    def test_tries_later_when_the_server_is_busy(self, office, command):
        office.answers[command] = "451 4.7.1 greylisted"
        result = hand_over(server(office.port), MAIL)
        assert result.state is SendState.TRY_LATER
        assert "greylisted" in result.detail

    def test_tries_later_when_nobody_answers(self):
        result = hand_over(server(free_port()), MAIL)
        assert result.state is SendState.TRY_LATER
        assert result.detail.startswith("ConnectionRefusedError")

    def test_tries_later_when_the_name_is_unknown(self):
        unknown = Server("mail.invalid", 25, "none", "", "")
        assert hand_over(unknown, MAIL).state is SendState.TRY_LATER

    @pytest.mark.parametrize(("security", "user"), [("none", "support"), ("starttls", "")])
    def test_tries_later_when_the_server_knows_no_login_or_no_encryption(self, office, security, user):
        lacking = Server("127.0.0.1", office.port, security, user, "secret")
        assert hand_over(lacking, MAIL).state is SendState.TRY_LATER

    def test_tries_later_when_the_password_cannot_be_sent(self, office, monkeypatch):
        def greet(connection):
            connection.esmtp_features = {"auth": "PLAIN"}

        monkeypatch.setattr(smtplib.SMTP, "ehlo_or_helo_if_needed", greet)
        result = hand_over(Server("127.0.0.1", office.port, "none", "support", "geheimnißvoll"), MAIL)
        assert result.state is SendState.TRY_LATER
        assert "\\xdf" not in result.detail

    def test_does_not_wait_for_a_server_that_answers_slowly(self, office):
        office.seconds_per_answer = 0.4
        began = time.monotonic()
        result = hand_over(server(office.port), MAIL, deadline_seconds=0.6)
        assert result.state is SendState.TRY_LATER
        assert time.monotonic() - began < 1.5

    def test_does_not_wait_for_a_server_that_trickles(self):
        with trickling() as port:
            began = time.monotonic()
            result = hand_over(server(port), MAIL, deadline_seconds=0.3)
        assert result.state is SendState.TRY_LATER
        # Each letter came in time; the answer never would have.
        assert time.monotonic() - began < 5

    def test_tries_later_when_the_password_is_wrong(self, office):
        with_login = Server("127.0.0.1", office.port, "none", "support", "wrong")
        assert hand_over(with_login, MAIL).state is not SendState.SENT
        assert office.taken == []
