"""Agents' programs work on tickets: by the same services, and the same refusals, as the desk."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feedback.intake.models import Attachment, Direction, Message
from tests.feedback.api.calls import call
from tests.people import NOON, agent, opened
from tickets.desk.models import DraftFile, EventKind, Status, Ticket
from users.accounts.models import Scope, User
from users.accounts.services import issue_token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]


def token_for(user: User, *scopes: Scope) -> str:
    return issue_token(user, name="desk", scopes=list(scopes or (Scope.WRITE_TICKETS,)), at=NOON)[1]


@pytest.fixture
def ana() -> str:
    return token_for(agent("ana"))


@pytest.fixture
def ticket() -> Ticket:
    return opened("The upload stops at 99 %")


def post(ticket: Ticket, what: str, body: Any, token: str, key: str = "") -> Any:
    return call("POST", f"/tickets/{ticket.public_id}/{what}", body, token=token, key=key)


def uploaded(ticket: Ticket, token: str, content: bytes = b"%PDF-1.7", name: str = "步骤.pdf") -> Any:
    return Client().post(
        f"/api/v1/tickets/{ticket.public_id}/files",
        {"file": SimpleUploadedFile(name, content)},
        headers={"Authorization": f"Bearer {token}"},
    )


def answers() -> list[Message]:
    return list(Message.objects.filter(direction=Direction.OUT))


class TestReplies:
    def test_reach_the_customer_and_move_the_ticket_on(self, ana: str, ticket: Ticket) -> None:
        told = post(ticket, "replies", {"text": "请更新到 8.4.1。", "language": "zh-Hans"}, ana)
        assert told.status_code == 201
        assert told.json()["message"]["text"] == "请更新到 8.4.1。"
        assert told.json()["ticket"]["status"] == Status.WAITING_ON_CUSTOMER
        assert [message.text for message in answers()] == ["请更新到 8.4.1。"]

    def test_carry_the_files_that_they_name(self, ana: str, ticket: Ticket) -> None:
        file = uploaded(ticket, ana).json()
        assert (file["filename"], file["content_type"]) == ("步骤.pdf", "application/pdf")
        assert post(ticket, "replies", {"files": [file["id"]]}, ana).status_code == 201
        assert Attachment.objects.get().message == answers()[0]
        again = post(ticket, "replies", {"files": [file["id"]]}, ana)
        assert (again.status_code, again.json()["code"]) == (409, "file_gone")

    def test_are_sent_once_for_one_key(self, ana: str, ticket: Ticket) -> None:
        first, second = (post(ticket, "replies", {"text": "Yes."}, ana, key="k-1") for _ in "12")
        assert (first.status_code, second.status_code) == (201, 200)
        assert second.headers["Idempotent-Replay"] == "true"
        assert first.json()["message"] == second.json()["message"]
        assert len(answers()) == 1
        other = post(ticket, "replies", {"text": "No."}, ana, key="k-1")
        assert other.json()["code"] == "idempotency_key_reused"

    def test_yield_to_what_happened_since_the_ticket_was_read(self, ana: str, ticket: Ticket) -> None:
        told = post(ticket, "replies", {"text": "Yes.", "version": ticket.version + 1}, ana)
        assert (told.status_code, told.json()["code"]) == (409, "changed_meanwhile")
        assert answers() == []

    @pytest.mark.parametrize(
        "body", [{}, {"text": " "}, {"txt": "x"}, {"then": "gone"}, {"files": ["x"]}, []]
    )
    def test_say_what_is_wrong(self, ana: str, ticket: Ticket, body: Any) -> None:
        told = post(ticket, "replies", body, ana)
        assert told.status_code == 422
        assert told.json()["errors"]

    def test_need_the_scope(self, ticket: Ticket) -> None:
        told = post(ticket, "replies", {"text": "Yes."}, token_for(agent("bo"), Scope.READ_TICKETS))
        assert (told.status_code, told.json()["code"]) == (403, "scope_missing")

    def test_are_for_those_who_work_the_queue(self, ticket: Ticket) -> None:
        cyd = token_for(agent("cyd", team="billing", queue="billing"))
        assert post(ticket, "replies", {"text": "Yes."}, cyd).status_code == 404


class TestNotes:
    def test_stay_in_the_house(self, ana: str, ticket: Ticket) -> None:
        told = post(ticket, "notes", {"text": "looks like fraud"}, ana)
        assert (told.status_code, told.json()["note"], told.json()["actor"]) == (
            201,
            "looks like fraud",
            "ana",
        )
        assert answers() == []

    def test_need_words(self, ana: str, ticket: Ticket) -> None:
        assert post(ticket, "notes", {"text": ""}, ana).status_code == 422


class TestActions:
    @pytest.mark.parametrize(
        ("action", "value", "field", "after"),
        [
            ("take", "", "assignee", "ana"),
            ("assign", "ana", "assignee", "ana"),
            ("status", "solved", "status", "solved"),
            ("priority", "high", "priority", "high"),
        ],
    )
    def test_change_the_ticket_as_at_the_desk(
        self, ana: str, ticket: Ticket, action: str, value: str, field: str, after: str
    ) -> None:
        told = post(ticket, "actions", {"action": action, "value": value, "version": ticket.version}, ana)
        assert (told.status_code, told.json()[field]) == (200, after)
        done = ticket.events.exclude(kind=EventKind.OPENED)
        assert {event.actor.username for event in done} == {"ana"}

    def test_that_take_it_out_of_sight_show_nothing(self, ana: str, ticket: Ticket) -> None:
        agent("cyd", team="billing", queue="billing")
        assert post(ticket, "actions", {"action": "queue", "value": "billing"}, ana).status_code == 204

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ({"action": "explode"}, 422),
            ({"action": "status", "value": "gone"}, 422),
            ({"action": "acknowledge"}, 422),
            ({"action": "assign", "value": "nobody"}, 422),
            ({"action": "take", "version": 99}, 409),
        ],
    )
    def test_say_what_is_wrong(self, ana: str, ticket: Ticket, body: Any, status: int) -> None:
        assert post(ticket, "actions", body, ana).status_code == status


class TestFiles:
    def test_are_taken_out_again(self, ana: str, ticket: Ticket) -> None:
        file = uploaded(ticket, ana).json()["id"]
        for _twice in range(2):
            gone = call("DELETE", f"/tickets/{ticket.public_id}/files/{file}", token=ana)
            assert gone.status_code == 204
        assert not DraftFile.objects.exists()

    def test_say_what_is_wrong(self, ana: str, ticket: Ticket) -> None:
        assert uploaded(ticket, ana, b"").json()["code"] == "empty_file"
        nothing = Client().post(
            f"/api/v1/tickets/{ticket.public_id}/files", {}, headers={"Authorization": f"Bearer {ana}"}
        )
        assert (nothing.status_code, nothing.json()["errors"][0]["field"]) == (422, "file")

    def test_go_to_no_ticket_that_one_may_not_see(self, ana: str, ticket: Ticket) -> None:
        ticket.public_id = uuid.uuid4()
        assert uploaded(ticket, ana).status_code == 404
