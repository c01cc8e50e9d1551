from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from feedback.analysis.models import Correction
from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Attachment, Channel, Direction, Message
from tests.people import NOON, agent, answers_leave_at_once, client_of, customer, lead, opened, said
from tickets.desk.models import CrisisPlace, Draft, EventKind, Status, Ticket, WaitingReply
from tickets.desk.services import add_note
from tickets.replies.models import CannedReply, Delivery
from tickets.replies.services import reply
from tickets.replies.waiting import let_leave, send
from users.accounts.models import User
from users.profiles.holdings import erase_customer
from users.profiles.merging import merge
from users.profiles.services import set_preferences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]

PNG = b"\x89PNG\r\n\x1a\n..."


@pytest.fixture
def ticket() -> Ticket:
    return opened("Payment failed twice", subject="Payment")


def at(ticket: Ticket, name: str = "") -> str:
    return f"/admin/desk/{ticket.public_id}/{name}"


class TestPage:
    def test_shows_the_conversation_and_what_was_done(self, ana, ticket) -> None:
        reply(ticket, text="We are on it.", author=ana, at=NOON, language="en")
        add_note(ticket, text="looks like fraud", actor=agent("bo"), at=NOON)
        html = client_of(ana).get(at(ticket)).content.decode()
        for words in ("Payment failed twice", "We are on it.", "looks like fraud", "from New to Waiting"):
            assert words in html

    def test_costs_the_same_however_long_the_conversation_is(
        self, ana, ticket, django_assert_max_num_queries
    ) -> None:
        client = client_of(ana)
        client.get(at(ticket))
        with django_assert_max_num_queries(40) as short:
            client.get(at(ticket))
        for number in range(12):
            said(f"again {number}", thread=ticket.feedback, attachments=(IncomingFile("a.png", PNG),))
            reply(ticket, text=f"yes {number}", author=ana, at=NOON, language="en")
            opened(f"another matter {number}")
        with django_assert_max_num_queries(len(short)):
            client.get(at(ticket))

    @pytest.mark.parametrize(
        "name",
        [
            "", "reply/", "note/", "draft/", "draft/files/", "change/", "presence/", "canned/", "next/",
            "mentionable/", "follow/", "unfollow/",
        ],
    )  # fmt: skip
    def test_is_absent_for_those_of_other_queues(self, ticket, name: str) -> None:
        client = client_of(agent("cyd", team="other", queue="other"))
        method = client.get if name in ("", "canned/", "next/", "mentionable/") else client.post
        assert method(at(ticket, name)).status_code == 404

    def test_is_absent_when_sensitive(self, ana) -> None:
        ticket = opened("I want to die", flags=["sensitive"])
        assert client_of(ana).get(at(ticket)).status_code == 404

    def test_names_whom_a_note_can_call_and_whom_it_called(self, ana, ticket) -> None:
        agent("bo", first_name="Bo")
        agent("cyd", first_name="Cyd", team="other", queue="other")
        client = client_of(ana)
        people = client.get(at(ticket, "mentionable/")).json()["people"]
        assert people == [{"login": "bo", "name": "Bo"}]
        told = client.post(at(ticket, "note/"), {"text": "@bo and @cyd, look"}).json()["done"]
        assert "Told: Bo." in told
        assert "may not read this ticket: Cyd." in told
        html = client.get(at(ticket)).content.decode()
        assert '<mark title="Bo">@bo</mark> and @cyd, look' in html
        assert 'title="Followers"' in html

    def test_gives_readers_no_composer(self, ticket) -> None:
        html = client_of(lead()).get(at(ticket)).content.decode()
        assert "data-composer" not in html
        assert "data-act=" not in html

    def test_escapes_what_customers_write(self, ana) -> None:
        ticket = opened('<img src=x onerror=alert(1) x-data="{}">', subject="<b>bold</b>")
        html = client_of(ana).get(at(ticket)).content.decode()
        assert "<img src=x" not in html
        assert "<b>bold</b>" not in html
        assert "&lt;img src=x onerror=alert(1) x-data=&quot;{}&quot;&gt;" in html

    def test_shows_what_the_customer_wants(self, ana, ticket) -> None:
        wishes = {
            "language": "zh-hans",
            "opt_outs": ["surveys"],
            "quiet_from": time(22),
            "quiet_until": time(8),
            "channel": "email",
        }
        set_preferences(ticket.feedback.customer, changes=wishes, at=NOON)
        html = client_of(ana).get(at(ticket)).content.decode()
        assert "<dd>简体中文</dd>" in html
        assert "<dd>Surveys</dd>" in html
        assert "<dd>E-mail</dd>" in html
        assert "22:00–08:00" in html

    @pytest.mark.parametrize("kept", ["kim@example.org", "lin@example.org"])
    def test_shows_one_file_of_customers_who_are_one_person(self, ana, ticket, kept) -> None:
        opened("Earlier, as Lin", by="lin@example.org")
        kim, lin = customer("kim@example.org"), customer("lin@example.org")
        set_preferences(lin, changes={"language": "zh-hans"}, at=NOON)
        merge(*((kim, lin) if kept.startswith("kim") else (lin, kim)), actor=ana, at=NOON)
        html = client_of(ana).get(at(ticket)).content.decode()
        for words in ("Earlier, as Lin", "<bdi>lin@example.org</bdi>", "<bdi>kim@example.org</bdi>"):
            assert words in html
        assert '<option value="zh-hans" selected>简体中文</option>' in html
        assert html.count("简体中文</option>") == 1

    def test_names_who_has_an_urgent_ticket_and_to_whom_it_can_be_given(self) -> None:
        urgent = opened("I will kill myself", lane="red", category="safety", urgency=0.95)
        for name in ("ana", "bo"):
            agent(name, first_name=name.title(), is_crisis_team=name == "bo", team="other", queue="other")
        Ticket.objects.filter(pk=urgent.pk).update(assignee=User.objects.get(username="ana"))
        html = client_of(User.objects.get(username="bo")).get(at(urgent)).content.decode()
        assert '<option value="ana" selected>Ana</option>' in html
        assert '<option value="bo">Bo</option>' in html

    def test_marks_the_ticket_as_seen(self, ana, ticket) -> None:
        client = client_of(ana)
        assert "is-unread" in client.get("/admin/desk/").content.decode()
        client.get(at(ticket))
        assert "is-unread" not in client.get("/admin/desk/").content.decode()

    def test_says_where_an_answer_goes(self, ana, ticket) -> None:
        anonymous = opened("no address", by="")
        assert "kim@example.org" in client_of(ana).get(at(ticket)).content.decode()
        assert "no address to mail to" in client_of(ana).get(at(anonymous)).content.decode()

    def test_calls_a_channel_that_nobody_named_by_its_kind(self, ana, ticket) -> None:
        assert "App and website</span>" in client_of(ana).get(at(ticket)).content.decode()
        Channel.objects.update(name="Our app")
        assert "Our app</span>" in client_of(ana).get(at(ticket)).content.decode()

    def test_hides_earlier_tickets_that_the_agent_may_not_see(self, ana, ticket) -> None:
        agent("cyd", team="other", queue="other")
        opened("secret elsewhere", queue="other")
        opened("second question here")
        html = client_of(ana).get(at(ticket)).content.decode()
        assert "second question here" in html
        assert "secret elsewhere" not in html


class TestSendReply:
    def send(self, client: Client, ticket: Ticket, **fields):
        fields = {"text": "We are on it.", "version": ticket.version, "then": "waiting_customer", **fields}
        return client.post(at(ticket, "reply/"), fields)

    def test_sends_and_names_the_next_ticket(self, ana, ticket) -> None:
        answers_leave_at_once()
        other = opened("other", by="other@example.org")
        told = self.send(client_of(ana), ticket, folder="queue-support").json()
        assert told["next"].startswith(at(other))
        assert told["done"] == "Sent."
        ticket.refresh_from_db()
        assert ticket.status == Status.WAITING_ON_CUSTOMER

    def test_stays_in_the_list_whatever_language_it_answers_in(self, ana, ticket) -> None:
        chinese = opened("太慢了", by="other@example.org", language="zh-Hans")
        answers_leave_at_once()
        told = self.send(client_of(ana), ticket, folder="queue-support", answer_in="en").json()
        assert told["next"] == f"{at(chinese)}?folder=queue-support"
        assert Delivery.objects.get().language == "en"

    def test_lets_it_wait_and_shows_it_on_every_page_to_its_author(self, ana, ticket) -> None:
        client, other = client_of(ana), opened("other", by="other@example.org")
        assert self.send(client, ticket).json() == {"next": f"{at(other)}?folder=all"}
        waiting = WaitingReply.objects.get()
        for page in (at(ticket), at(other), "/admin/desk/", "/admin/"):
            assert f'data-leaving="{waiting.public_id}"' in client.get(page).content.decode(), page
        theirs = client_of(agent("bo")).get(at(ticket)).content.decode()
        assert "We are on it." in theirs
        assert str(waiting.public_id) not in theirs
        assert (
            "Answer about to leave"
            in client_of(User.objects.get(username="bo")).get("/admin/desk/").content.decode()
        )

    def test_names_an_answer_that_is_about_to_leave_to_who_did_not_see_it(self, ana, ticket) -> None:
        self.send(client_of(ana), ticket)
        told = self.send(client_of(agent("bo")), ticket, seen=ticket.events.latest("pk").pk).json()
        assert (told["code"], told["changes"]) == (
            "changed_meanwhile",
            ["Ana: an answer that is about to leave"],
        )

    def test_names_the_list_when_nothing_else_waits(self, ana, ticket) -> None:
        told = self.send(client_of(ana), ticket, folder="mine").json()
        assert told["next"] == "/admin/desk/?folder=mine"

    def test_refuses_a_stale_page_and_says_what_changed(self, ana, ticket) -> None:
        seen = ticket.events.latest("pk").pk
        add_note(ticket, text="wait!", actor=agent("bo", first_name="Bo"), at=NOON)
        stale = Ticket.objects.get()
        stale.version -= 1
        response = self.send(client_of(ana), stale, seen=seen)
        told = response.json()
        assert response.status_code == 409
        assert told["code"] == "changed_meanwhile"
        assert told["changes"] == ["Bo: Internal note"]
        again = self.send(client_of(ana), ticket, version=told["version"])
        assert again.status_code == 200

    def test_tells_of_every_change_to_a_page_that_does_not_say_what_it_saw(self, ana, ticket) -> None:
        add_note(ticket, text="wait!", actor=agent("bo", first_name="Bo"), at=NOON)
        told = self.send(client_of(ana), ticket, version=ticket.version, seen="9" * 5000).json()
        assert "Bo: Internal note" in told["changes"]

    def test_refuses_nothing_written(self, ana, ticket) -> None:
        response = self.send(client_of(ana), ticket, text="  ")
        assert (response.status_code, response.json()["field"]) == (409, "text")

    def test_refuses_a_lead(self, ticket) -> None:
        assert self.send(client_of(lead()), ticket).json()["code"] == "cannot_work_on"
        assert not Message.objects.filter(direction=Direction.OUT).exists()


class TestTakeBack:
    @pytest.fixture
    def waiting(self, ana, ticket) -> WaitingReply:
        sent = send(ticket, text="We are on it.", author=ana, at=timezone.now(), language="de")
        assert isinstance(sent, WaitingReply)
        return sent

    def test_names_the_page_on_which_the_text_stands_again(self, ana, ticket, waiting) -> None:
        client, url = client_of(ana), f"/admin/desk/leaving/{waiting.public_id}/"
        assert client.get(url).json()["state"] == "waiting"
        assert client.post(f"{url}undo/").json()["next"] == f"{at(ticket)}#reply"
        html = client.get(at(ticket)).content.decode()
        assert ">We are on it.</textarea>" in html
        assert '<option value="de" selected>' in html
        assert client.get(url).json()["state"] == "undone"

    def test_is_for_its_author_alone(self, waiting) -> None:
        bo, url = client_of(agent("bo")), f"/admin/desk/leaving/{waiting.public_id}/"
        assert (bo.get(url).status_code, bo.post(f"{url}undo/").status_code) == (404, 404)

    def test_comes_too_late_for_what_has_left(self, ana, ticket, waiting) -> None:
        let_leave(waiting.pk, None, timezone.now())
        client, url = client_of(ana), f"/admin/desk/leaving/{waiting.public_id}/"
        told = client.post(f"{url}undo/").json()
        assert (told["code"], told["refused"]) == (
            "left_already",
            f"Too late: the answer to {ticket.number} has left.",
        )
        assert client.get(url).json()["told"] == f"The answer to {ticket.number} has left."

    def test_leaves_the_word_that_it_was_held_back_until_that_was_seen(self, ana, ticket, waiting) -> None:
        add_note(ticket, text="wait!", actor=agent("bo", first_name="Bo"), at=NOON)
        let_leave(waiting.pk, None, timezone.now())
        client, held = client_of(ana), f"Your answer to {ticket.number} was held back: the ticket changed"
        assert held in client.get("/admin/desk/").content.decode()
        html = client.get(at(ticket)).content.decode()
        assert held in html
        assert "<li>Bo: Internal note</li>" in html
        assert held not in client.get("/admin/desk/").content.decode()
        # Until it is sent the ticket itself goes on saying so.
        assert held in client.get(at(ticket)).content.decode()


class TestSaveNote:
    def test_is_never_a_message_to_the_customer(self, ana, ticket) -> None:
        client_of(ana).post(at(ticket, "note/"), {"text": "looks like fraud"})
        assert ticket.events.get(kind=EventKind.NOTED).note == "looks like fraud"
        assert not Message.objects.filter(direction=Direction.OUT).exists()

    def test_refuses_a_lead(self, ticket) -> None:
        response = client_of(lead()).post(at(ticket, "note/"), {"text": "x"})
        assert response.json()["code"] == "cannot_work_on"


class TestDrafts:
    def test_are_kept_apart_and_come_back(self, ana, ticket) -> None:
        client = client_of(ana)
        client.post(at(ticket, "draft/"), {"mode": "reply", "text": "Dear \x00Kim"})
        client.post(at(ticket, "draft/"), {"mode": "note", "text": "fraud?"})
        html = client.get(at(ticket)).content.decode()
        assert ">Dear Kim</textarea>" in html
        assert ">fraud?</textarea>" in html
        assert "fraud?" not in client_of(agent("bo")).get(at(ticket)).content.decode()

    def test_vanish_when_emptied(self, ana, ticket) -> None:
        client = client_of(ana)
        client.post(at(ticket, "draft/"), {"mode": "reply", "text": "Dear Kim"})
        client.post(at(ticket, "draft/"), {"mode": "reply", "text": " "})
        assert not Draft.objects.exists()


class TestChange:
    def do(self, client: Client, ticket: Ticket, action: str, value: str = "", reason: str = ""):
        return client.post(
            at(ticket, "change/"), {"action": action, "value": value, "reason": reason, "folder": "all"}
        )

    def test_takes_assigns_prioritises_tags_and_moves(self, ana, ticket) -> None:
        agent("bo")
        agent("cyd", team="other", queue="other")
        client = client_of(ana)
        for action, value in (
            ("take", ""),
            ("assign", "bo"),
            ("priority", "high"),
            ("tag", "#refund"),
            ("status", "on_hold"),
        ):
            assert self.do(client, ticket, action, value).status_code == 200, action
        ticket.refresh_from_db()
        assert (ticket.assignee.username, ticket.priority, ticket.status) == ("bo", 1, Status.ON_HOLD)
        assert [tag.name for tag in ticket.tags.all()] == ["refund"]
        self.do(client, ticket, "untag", "refund")
        assert not ticket.tags.exists()
        told = self.do(client, ticket, "queue", "other").json()
        assert told["next"] == "/admin/desk/?folder=all"

    def test_puts_aside_until_a_time_on_the_clock_of_the_house(self, ana, ticket) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        told = self.do(client_of(ana), ticket, "snooze", f"{tomorrow}T09:00").json()
        assert told["next"]
        ticket.refresh_from_db()
        assert ticket.snoozed_until == datetime.combine(
            tomorrow, time(9), ZoneInfo(settings.SUMMARY_TIME_ZONE)
        )
        shown = client_of(ana).get(at(ticket)).content.decode()
        assert re.search(r"put the ticket aside until [^<]+ \(Asia/Shanghai\)", shown)

    @pytest.mark.parametrize(
        "value", ["", "soon", "2026-02-31T09:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59"]
    )
    def test_refuses_to_put_aside_until_nothing(self, ana, ticket, value: str) -> None:
        response = self.do(client_of(ana), ticket, "snooze", value)
        assert (response.status_code, response.json()["field"]) == (409, "value")

    def test_goes_on_to_the_next_after_solving(self, ana, ticket) -> None:
        other = opened("other", by="other@example.org")
        assert self.do(client_of(ana), ticket, "status", "solved").json()["next"].startswith(at(other))

    @pytest.mark.parametrize(
        ("action", "value", "code"),
        [
            ("status", "nonsense", "bad_choice"),
            ("priority", "9", "bad_choice"),
            ("priority", "1", "bad_choice"),
            ("queue", "nowhere", "bad_choice"),
            ("queue", "crisis", "enters_by_raising"),
            ("assign", "nobody-knows", "bad_choice"),
            ("assign", "cyd", "not_in_your_queue"),
            ("acknowledge", "", "nothing_to_acknowledge"),
            ("raise", "", "bad_choice"),
            ("correct", "version:9", "not_correctable"),
            ("correct", "topic:nonsense", "not_correctable"),
            ("tag", " ", "empty"),
            ("delete", "", "unknown_action"),
        ],
    )
    def test_refuses_in_words(self, ana, ticket, action: str, value: str, code: str) -> None:
        agent("cyd", team="other", queue="other")
        response = self.do(client_of(ana), ticket, action, value)
        assert (response.status_code, response.json()["code"]) == (409, code)

    def test_raises_to_the_crisis_queue_by_hand(self, ana, ticket) -> None:
        told = self.do(client_of(ana), ticket, "raise", "safety").json()
        place = CrisisPlace.objects.get()
        assert (place.category, place.closed_at) == ("safety", None)
        assert ticket.events.get(kind=EventKind.CRISIS_ENTERED).actor == ana
        # Ana's team does not work the crisis queue: the ticket left her sight.
        assert told["next"] == "/admin/desk/?folder=all"

    def test_acknowledges_and_calls_a_false_alarm_with_a_reason(self, ticket) -> None:
        kay = agent("kay", is_crisis_team=True)
        urgent = opened("I will kill him", by="x@example.org", lane="red", category="safety", urgency=0.9)
        client = client_of(kay)
        assert self.do(client, urgent, "queue", "support").json()["code"] == "not_taken_yet"
        assert self.do(client, urgent, "acknowledge").status_code == 200
        urgent.refresh_from_db()
        assert urgent.assignee == kay
        assert self.do(client, urgent, "false_alarm").json()["code"] == "reason_needed"
        assert self.do(client, urgent, "false_alarm", reason="a line of a song").status_code == 200
        assert CrisisPlace.objects.get().closed_at is not None
        assert Correction.objects.get().reason == "a line of a song"

    def test_corrects_the_analysis(self, ana, ticket) -> None:
        assert self.do(client_of(ana), ticket, "correct", "topic:payment").status_code == 200
        ticket.refresh_from_db()
        assert ticket.topic == "payment"
        correction = Correction.objects.get()
        assert (correction.field, correction.old, correction.new) == ("topic", "bug", "payment")


class TestPresence:
    @pytest.fixture(autouse=True)
    def _empty(self) -> None:
        cache.clear()

    def test_tells_who_else_is_here_and_writing(self, ana, ticket) -> None:
        bo = agent("bo", first_name="Bo")
        client_of(bo).post(at(ticket, "presence/"), {"writing": "1"})
        told = client_of(ana).post(at(ticket, "presence/")).json()
        assert told["here"] == [{"name": "Bo", "writing": True}]
        assert told["seen"] == ticket.events.latest("pk").pk
        client_of(bo).post(at(ticket, "presence/"), {"leaving": "1"})
        assert client_of(ana).post(at(ticket, "presence/")).json()["here"] == []

    def test_works_on_without_redis(self, ana, ticket, monkeypatch) -> None:
        monkeypatch.setattr("config.cache.SharedPoolClient._away_until", float("inf"))
        assert client_of(ana).post(at(ticket, "presence/")).json()["here"] == []


class TestCanned:
    def test_speaks_the_customers_language_and_knows_the_ticket(self, ana, ticket) -> None:
        set_preferences(ticket.feedback.customer, changes={"language": "zh-hans"}, at=NOON)
        reply_texts = CannedReply.objects.create(slug="hi", name="Hi", shortcut="hi").texts
        reply_texts.create(language="en", text="Hi {customer}, {number}")
        reply_texts.create(language="zh-Hans", text="您好 {customer}，{number}，{agent}，{nonsense}")
        replies = client_of(ana).get(at(ticket, "canned/")).json()["replies"]
        mine = next(one for one in replies if one["shortcut"] == "hi")
        assert mine["language"] == "zh-Hans"
        assert mine["text"].endswith(f"，{ticket.number}，Ana，{{nonsense}}")
        english = client_of(ana).get(at(ticket, "canned/"), {"language": "en"}).json()["replies"]
        assert f"Hi there, {ticket.number}" in [one["text"] for one in english]


class TestFiles:
    @pytest.fixture
    def file(self) -> Attachment:
        ticket = opened("see", attachments=(IncomingFile("票据.png", PNG),), by="f@example.org")
        return Attachment.objects.get(message__feedback=ticket.feedback)

    def url(self, file: Attachment) -> str:
        return at(Ticket.objects.get(feedback=file.message.feedback), f"files/{file.public_id}/")

    def test_are_saved_not_run(self, ana, file: Attachment) -> None:
        response = client_of(ana).get(self.url(file))
        assert response.content == PNG
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["X-Content-Type-Options"] == "nosniff"

    def test_show_pictures_and_nothing_else(self, ana, file: Attachment) -> None:
        assert client_of(ana).get(self.url(file), {"show": 1})["Content-Type"] == "image/png"
        Attachment.objects.update(content_type="text/html")
        response = client_of(ana).get(self.url(file), {"show": 1})
        assert response["Content-Type"] == "application/octet-stream"

    def test_belong_to_their_ticket(self, ana, ticket, file: Attachment) -> None:
        assert client_of(ana).get(at(ticket, f"files/{file.public_id}/")).status_code == 404
        cyd = agent("cyd", team="other", queue="other")
        assert client_of(cyd).get(self.url(file)).status_code == 404

    def test_are_gone_when_their_customer_was_erased(self, ana, file: Attachment) -> None:
        page = at(Ticket.objects.get(feedback=file.message.feedback))
        assert self.url(file) in client_of(ana).get(page).content.decode()
        erase_customer(file.message.feedback.customer, at=NOON)
        assert client_of(ana).get(self.url(file)).status_code == 404
        assert self.url(file) not in client_of(ana).get(page).content.decode()


class TestOriginal:
    def test_runs_nothing_and_loads_nothing(self, ana) -> None:
        html = '<p onclick="x()" x-data="{a:1}" @click="y()">Hi<script>z()</script><img src="https://t.example/p.gif"></p>'
        ticket = opened("Hi", html=html)
        message = ticket.feedback.messages.get()
        response = client_of(ana).get(at(ticket, f"original/{message.public_id}/"))
        shown = response.content.decode()
        for gadget in ("onclick", "x-data", "@click", "<script", "z()"):
            assert gadget not in shown
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "img-src data:" in policy
        assert "sandbox" in policy
        assert response["X-Frame-Options"] == "SAMEORIGIN"

    def test_shows_the_pictures_that_came_with_it_and_names_no_others(self, ana) -> None:
        inside = "data:image/png;base64,AAAA"
        ticket = opened("Hi", html=f'<img src="{inside}"><img src="https://t.example/p.gif">')
        message = ticket.feedback.messages.get()
        shown = client_of(ana).get(at(ticket, f"original/{message.public_id}/")).content.decode()
        assert inside in shown
        assert "t.example" not in shown


class TestCrisisPage:
    def test_shows_who_waits_longest_first_and_who_has_what(self) -> None:
        kay = agent("kay", is_crisis_team=True)
        urgent = {"lane": "red", "category": "safety", "urgency": 0.9}
        second = opened("second", by="b@example.org", at=NOON + timedelta(minutes=1), **urgent)
        first = opened("first", by="a@example.org", **urgent)
        taken = opened("taken", by="c@example.org", **urgent)
        client_of(kay).post(at(taken, "change/"), {"action": "acknowledge"})
        page = client_of(kay).get("/admin/desk/crisis/")
        waiting = [one.row.ticket for one in page.context["unacknowledged"]]
        assert waiting == [first, second]
        assert [one.row.ticket for one in page.context["acknowledged"]] == [taken]
        assert page.content.decode().count("data-acknowledge=") == 2

    def test_costs_the_same_for_one_and_for_many(self, django_assert_max_num_queries) -> None:
        client = client_of(agent("kay", is_crisis_team=True))
        opened("0", by="k@example.org", lane="red", category="tech", urgency=0.9)
        with django_assert_max_num_queries(20) as one:
            client.get("/admin/desk/crisis/")
        for number in range(5):
            opened(str(number), by=f"k{number}@example.org", lane="red", category="tech", urgency=0.9)
        with django_assert_max_num_queries(len(one)):
            client.get("/admin/desk/crisis/")
