from __future__ import annotations

import base64
import uuid
from typing import Any

import pytest
from django.test import Client

from feedback.api.conversation import messages_of
from feedback.intake.incoming import Incoming
from feedback.intake.links import status_token
from feedback.intake.models import Attachment, Feedback, FeedbackState
from feedback.intake.parting import handle_with, part
from feedback.intake.services import receive, record_answer, show_state
from tests.feedback.api.calls import call, login
from tests.people import NOON, agent, opened
from tickets.desk.services import add_note
from users.accounts.models import Role, User
from users.profiles.holdings import erase_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim() -> tuple[User, str]:
    return login("kim", Role.CUSTOMER)


def submit(token: str, text: str = "upload stops", **fields: Any) -> Feedback:
    answer = call("POST", "/feedback", {"text": text, **fields}, token=token)
    assert answer.status_code == 201, answer.content
    return Feedback.objects.get(public_id=answer.json()["id"])


class TestList:
    def test_shows_ones_own_newest_first_page_by_page(self, kim: Any) -> None:
        token = kim[1]
        for number in range(5):
            submit(token, f"number {number}", subject=str(number))
        submit(login("lin", Role.CUSTOMER)[1], "not mine")
        first = call("GET", "/feedback?limit=3", token=token).json()
        assert [row["subject"] for row in first["results"]] == ["4", "3", "2"]
        assert first["next"].startswith("http://127.0.0.1:8000/api/v1/feedback?")
        second = call("GET", first["next"].partition(":8000")[2], token=token).json()
        assert ([row["subject"] for row in second["results"]], second["next"]) == (["1", "0"], None)

    def test_costs_the_same_for_many(self, kim: Any, django_assert_num_queries: Any) -> None:
        for number in range(4):
            submit(kim[1], f"number {number}")
        with django_assert_num_queries(2):
            assert len(call("GET", "/feedback", token=kim[1]).json()["results"]) == 4

    def test_shows_an_integration_what_came_through_it_and_finds_an_account(self) -> None:
        shop, game = login("shop")[1], login("game")[1]
        one = submit(shop, customer={"account": "u-1"})
        two = submit(shop, customer={"account": "u-2"})
        submit(game, customer={"account": "u-1"})
        numbers = [row["number"] for row in call("GET", "/feedback", token=shop).json()["results"]]
        assert numbers == [two.number, one.number]
        found = call("GET", "/feedback?account=u-1", token=shop).json()["results"]
        assert [row["number"] for row in found] == [one.number]
        assert call("GET", "/feedback?account=%00", token=shop).json()["results"] == []
        assert len(call("GET", "/feedback?account=%20u-1%00", token=shop).json()["results"]) == len(found)

    @pytest.mark.parametrize(
        "query",
        [
            "limit=0",
            "limit=101",
            "limit=x",
            "limit=²",
            "limit=-1",
            "cursor=x",
            "cursor=%00",
            "cursor=YmVmb3JlOjkgOQ",
        ],
    )
    def test_refuses_what_it_cannot_page_by(self, kim: Any, query: str) -> None:
        answer = call("GET", f"/feedback?{query}", token=kim[1])
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == query.partition("=")[0]

    def test_needs_a_login(self) -> None:
        assert call("GET", "/feedback").status_code == 401


class TestConversation:
    def test_shows_both_sides_and_no_note(self) -> None:
        ticket = opened("upload stops")
        ana = agent("ana")
        add_note(ticket, text="SECRET NOTE", actor=ana, at=NOON)
        record_answer(ticket.feedback, text="We look at it.", author=ana, author_name="Ana", at=NOON)
        answer = call("GET", f"/status/{status_token(ticket.feedback.public_id)}")
        assert [(m["author"], m["author_name"], m["text"]) for m in answer.json()["messages"]] == [
            ("customer", "", "upload stops"),
            ("agent", "Ana", "We look at it."),
        ]
        assert b"SECRET" not in answer.content
        assert "no-store" in answer["Cache-Control"]

    def test_is_the_same_by_login_and_by_link_save_for_addresses(self, kim: Any) -> None:
        feedback = submit(kim[1])
        own = call("GET", f"/feedback/{feedback.public_id}", token=kim[1]).json()
        linked = call("GET", f"/status/{status_token(feedback.public_id)}").json()
        assert own == linked
        assert own["number"] == feedback.number

    def test_costs_six_queries_however_long_it_is(self, kim: Any, django_assert_num_queries: Any) -> None:
        feedback = submit(kim[1])
        for number in range(5):
            record_answer(feedback, text=str(number), author=None, author_name="Ana", at=NOON)
        with django_assert_num_queries(6):
            call("GET", f"/feedback/{feedback.public_id}", token=kim[1])

    def test_says_where_else_it_is_handled_and_what_was_taken_out_of_it(self, kim: Any) -> None:
        feedback, other = submit(kim[1], "upload stops"), submit(kim[1], "upload stops again")
        message = receive(
            Incoming(feedback.channel, "x", "charged twice", sent_at=NOON, thread=feedback), at=NOON
        ).message
        made = part(feedback, [message.public_id])
        handle_with(feedback, other)
        shown = call("GET", f"/feedback/{feedback.public_id}", token=kim[1]).json()
        assert shown["handled_with"] == other.number
        assert [(one["id"], one["number"]) for one in shown["parts"]] == [(str(made.public_id), made.number)]
        taken = call("GET", f"/feedback/{made.public_id}", token=kim[1]).json()
        assert taken["part_of"]["number"] == feedback.number
        assert taken["part_of"]["status_url"].endswith(status_token(feedback.public_id))
        assert [message["text"] for message in taken["messages"]] == ["charged twice"]

    def test_of_many_messages_leads_to_the_older_ones(self, kim: Any) -> None:
        feedback = submit(kim[1], "0")
        for number in range(1, 60):
            record_answer(feedback, text=str(number), author=None, author_name="Ana", at=NOON)
        shown = call("GET", f"/feedback/{feedback.public_id}", token=kim[1]).json()
        assert [shown["messages"][0]["text"], shown["messages"][-1]["text"]] == ["10", "59"]
        older = call("GET", shown["earlier_messages"].partition(":8000")[2], token=kim[1]).json()
        assert [row["text"] for row in older["results"]] == [str(number) for number in range(9, -1, -1)]

    @pytest.mark.parametrize("path", ["", "/messages", "/rating", f"/attachments/{uuid.UUID(int=7)}"])
    def test_of_somebody_else_looks_like_none(self, kim: Any, path: str) -> None:
        feedback = submit(kim[1])
        lin = login("lin", Role.CUSTOMER)[1]
        method = "POST" if path == "/rating" else "GET"
        foreign = call(method, f"/feedback/{feedback.public_id}{path}", {}, token=lin)
        absent = call(method, f"/feedback/{uuid.uuid4()}{path}", {}, token=lin)
        assert foreign.status_code == absent.status_code == 404
        same = {"type", "title", "status", "code", "detail", "errors"}
        assert {n: foreign.json()[n] for n in same} == {n: absent.json()[n] for n in same}

    def test_of_a_link_needs_every_character_of_it(self, kim: Any) -> None:
        token = status_token(submit(kim[1]).public_id)
        wrong = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
        for other in (wrong, token[:32], token + "=", token.upper(), "x", "é%00"):
            assert call("GET", f"/status/{other}").status_code == 404
        assert token not in call("POST", f"/status/{token}", {"text": 7.5 * 2, "x": 1}).json()["instance"]


class TestContinuing:
    def test_adds_to_the_thread_and_replays(self, kim: Any) -> None:
        feedback = submit(kim[1])
        path = f"/feedback/{feedback.public_id}/messages"
        first = call("POST", path, {"text": "still"}, token=kim[1], key="k2")
        again = call("POST", path, {"text": "still"}, token=kim[1], key="k2")
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["number"] == feedback.number
        assert [message.text for message in feedback.messages.order_by("pk")] == ["upload stops", "still"]

    def test_works_by_the_secret_link_alone(self, kim: Any) -> None:
        feedback = submit(kim[1])
        show_state(feedback, FeedbackState.SOLVED)
        answer = call("POST", f"/status/{status_token(feedback.public_id)}", {"text": "not solved"}, key="1")
        assert (answer.status_code, answer.json()["next"]["code"]) == (201, "reopens")

    def test_refuses_what_belongs_to_a_new_feedback(self, kim: Any) -> None:
        feedback = submit(kim[1])
        answer = call(
            "POST", f"/feedback/{feedback.public_id}/messages", {"text": "a", "rating": 3}, token=kim[1]
        )
        assert answer.json()["errors"][0]["field"] == "rating"


class TestRating:
    def test_waits_until_it_is_over(self, kim: Any) -> None:
        feedback = submit(kim[1])
        path = f"/feedback/{feedback.public_id}/rating"
        assert call("POST", path, {"score": 5}, token=kim[1]).status_code == 409
        show_state(feedback, FeedbackState.SOLVED)
        assert call("POST", path, {"score": 5, "comment": "谢谢"}, token=kim[1]).status_code == 201
        assert call("POST", path, {"score": 5, "comment": "谢谢"}, token=kim[1]).status_code == 200
        assert call("POST", path, {"score": 2}, token=kim[1]).status_code == 201
        shown = call("GET", f"/feedback/{feedback.public_id}", token=kim[1]).json()
        assert shown["satisfaction"]["score"] == 2
        assert feedback.ratings.count() == 2


class TestDownload:
    def test_saves_and_never_shows(self, kim: Any) -> None:
        content = b"<html><script>alert(1)</script>"
        file = {"filename": "发票.html", "content": base64.b64encode(content).decode()}
        feedback = submit(kim[1], attachments=[file])
        shown = call("GET", f"/feedback/{feedback.public_id}", token=kim[1]).json()
        url = shown["messages"][0]["attachments"][0]["url"].partition(":8000")[2]
        answer = Client().get(url, headers={"Authorization": f"Bearer {kim[1]}"})
        assert answer.content == content
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]

    def test_of_another_conversation_is_not_there(self, kim: Any) -> None:
        file = {"filename": "a", "content": base64.b64encode(b"a").decode()}
        submit(kim[1], attachments=[file])
        other = submit(kim[1], "another")
        path = f"/feedback/{other.public_id}/attachments/{Attachment.objects.get().public_id}"
        assert call("GET", path, token=kim[1]).status_code == 404

    def test_is_not_offered_of_a_message_that_was_erased(self, kim: Any) -> None:
        file = {"filename": "a", "content": base64.b64encode(b"a").decode()}
        feedback = submit(kim[1], attachments=[file])
        assert [len(message.attachments.all()) for message in messages_of(feedback)] == [1]
        erase_customer(feedback.customer, at=NOON)
        assert [len(message.attachments.all()) for message in messages_of(feedback)] == [0]
