"""Who sees what over REST: every route, by every role, with what is theirs, another's and nobody's.

Each principal has a canary in everything they wrote; it may turn up only in answers to those who may
read it. The routes come from the URL configuration, so a new one is in the matrix at once.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from config.kit.caching import NEVER
from feedback.intake.incoming import IncomingFile
from feedback.intake.links import status_token
from feedback.intake.models import Attachment, Feedback
from feedback.intake.services import channel_of
from tests.contracts.routes import Route, filled_with, rest_routes
from tests.people import NOON, agent, lead, opened
from tickets.desk.models import Ticket
from tickets.desk.services import add_note
from users.accounts.models import Role, Scope, User
from users.accounts.services import issue_token
from users.api.policies import Audience, policies_of
from users.profiles.models import Address
from users.profiles.services import customer_of

pytestmark = pytest.mark.django_db

BODIES = {
    "text": "hi",
    "score": 5,
    "items": [{"text": "hi"}],
    "purpose": "news",
    "is_granted": True,
    "email": "new@example.org",
    "token": "x",
    "username": "x",
    "password": "x",
}


@dataclass
class Principal:
    """Somebody with a token, what belongs to them, and what they may read of others."""

    name: str
    token: str = ""
    user: User | None = None
    names: dict[str, str] = field(default_factory=dict)
    reads: set[str] = field(default_factory=set)

    @property
    def canary(self) -> str:
        return f"CANARY-{self.name}"


def with_token(name: str, user: User) -> Principal:
    secret = issue_token(user, name=name, scopes=list(Scope), at=NOON)[1]
    return Principal(name, secret, user)


def gives(principal: Principal, **fields: Any) -> Ticket:
    """Let ``principal`` write a feedback with their canary everywhere; remember its ids as theirs."""
    canary = principal.canary
    ticket = opened(
        f"text {canary}",
        by="",
        subject=f"subject {canary}",
        attachments=(IncomingFile(f"{canary}.txt", canary.encode()),),
        **fields,
    )
    file = Attachment.objects.get(message__feedback=ticket.feedback)
    principal.names |= {
        "feedback_id": str(ticket.feedback.public_id),
        "attachment_id": str(file.public_id),
        "token": status_token(ticket.feedback.public_id),
        "ticket_id": str(ticket.public_id),
    }
    return ticket


@pytest.fixture
def people() -> dict[str, Principal]:
    """Return everybody by name: two customers, an integration, agents of two teams, a lead, a stranger."""
    found = {"stranger": Principal("stranger")}
    for name in ("kim", "lin"):
        user = User.objects.create_user(name, email=f"{name}@example.org", role=Role.CUSTOMER)
        customer = customer_of(user, at=NOON)
        customer.display_name = f"CANARY-{name}"
        customer.save()
        found[name] = with_token(name, user)
        gives(found[name], customer=customer)
        found[name].names["address_id"] = str(Address.objects.get(customer=customer).public_id)
    shop = User.objects.create_user("shop", role=Role.INTEGRATION)
    found["shop"] = with_token("shop", shop)
    gives(found["shop"], channel=channel_of(shop))
    found["ana"] = with_token("ana", agent("ana"))
    found["cyd"] = with_token("cyd", agent("cyd", team="other", queue="other"))
    found["dee"] = with_token("dee", lead())
    for name in ("kim", "lin", "shop"):
        ticket = Ticket.objects.get(public_id=found[name].names["ticket_id"])
        add_note(ticket, text="CANARY-note", actor=found["ana"].user, at=NOON)  # type: ignore[arg-type]
    # Tickets of the support queue are for its team and for leads; a note is for those alone.
    for name in ("ana", "dee"):
        found[name].reads = {"CANARY-kim", "CANARY-lin", "CANARY-shop", "CANARY-note"}
    return found


def call(principal: Principal, method: str, path: str) -> Any:
    headers = {"Authorization": f"Bearer {principal.token}"} if principal.token else {}
    body = BODIES if method != "GET" else None
    return Client().generic(
        method, path, json.dumps(body) if body else "", content_type="application/json", headers=headers
    )


def filled(route: Route, names: dict[str, str]) -> str:
    """Return the path of ``route`` with ``names``; what is missing is made up, and so belongs to nobody."""
    made_up = status_token(uuid.uuid4())
    return filled_with(
        route.path, names, otherwise=lambda kind: made_up if kind == "str" else str(uuid.uuid4())
    )


ROUTES = rest_routes()
CASES = [(route, method) for route in ROUTES for method in route.methods]
each_case = pytest.mark.parametrize(
    ("route", "method"), CASES, ids=[f"{method} {route.path}" for route, method in CASES]
)


@each_case
class TestEveryRoute:
    def test_lets_in_only_its_audience(self, route: Route, method: str, people: Any) -> None:
        audience = policies_of(route.view)[method].audience
        for principal in people.values():
            status = call(principal, method, filled(route, principal.names)).status_code
            assert status < 500
            if audience is Audience.ANYBODY:
                continue
            if principal.user is None:
                assert status == 401, principal.name
                continue
            is_shut_out = {
                Audience.STAFF: not principal.user.is_staff,
                Audience.PERSON: principal.user.role == Role.INTEGRATION,
                Audience.PROGRAM: principal.user.role == Role.CUSTOMER,
                Audience.LOGGED_IN: False,
            }[audience]
            assert (status in (401, 403)) == is_shut_out or needs_session(route, method), principal.name

    def test_lets_no_cache_keep_what_is_one_persons(self, route: Route, method: str, people: Any) -> None:
        is_secret = "<str:token>" in route.path
        if method != "GET" or (
            policies_of(route.view)[method].audience is Audience.ANYBODY and not is_secret
        ):
            return
        for principal in people.values():
            answer = call(principal, method, filled(route, principal.names))
            if answer.status_code == 200:
                assert answer.headers.get("Cache-Control") == NEVER, principal.name

    def test_needs_the_scope_of_a_token(self, route: Route, method: str, people: Any) -> None:
        policy = policies_of(route.view)[method]
        if not route.view().get_authenticators():
            return
        others = [scope for scope in Scope if scope != policy.scope]
        secret = issue_token(people["ana"].user, name="other", scopes=others, at=NOON)[1]
        answer = call(Principal("ana", secret), method, filled(route, people["kim"].names))
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")

    def test_answers_foreign_and_absent_alike(self, route: Route, method: str, people: Any) -> None:
        if "<uuid:" not in route.path or "<str:token>" in route.path:
            return
        kim, before = people["kim"].names, Feedback.objects.count()
        for name in ("lin", "shop", "cyd", "stranger"):
            foreign = call(people[name], method, filled(route, kim))
            absent = call(people[name], method, filled(route, {}))
            assert foreign.status_code == absent.status_code, name
            assert foreign.status_code in (401, 403, 404), name
            assert without_names(foreign.content) == without_names(absent.content), name
        assert Feedback.objects.count() == before

    def test_tells_nobody_anothers_words(self, route: Route, method: str, people: Any) -> None:
        canaries = {"CANARY-note", *(principal.canary for principal in people.values())}
        for reader in people.values():
            # Without ids in the path nothing differs from owner to owner.
            for owner in people.values() if "<" in route.path else [reader]:
                # A secret link is its owner's to give away, so only its own token is tried with it.
                if "<str:token>" in route.path and owner is not reader:
                    continue
                content = call(reader, method, filled(route, owner.names)).content.decode()
                told = {canary for canary in canaries if canary in content}
                assert told <= {reader.canary} | reader.reads, f"{reader.name} reads {told}"


def needs_session(route: Route, method: str) -> bool:
    """Say whether no token opens this, so that all of our callers are refused."""
    return policies_of(route.view)[method].scope is None


def without_names(content: bytes) -> str:
    """Return ``content`` without the ids that differ from request to request."""
    return re.sub(r'"(instance|request_id)": ?"[^"]*"', "", content.decode())


class TestOwner:
    """The matrix would be green, too, if nobody saw anything."""

    def test_sees_what_is_theirs(self, people: Any) -> None:
        for name in ("kim", "lin", "shop"):
            owner = people[name]
            for path in (
                f"/api/v1/feedback/{owner.names['feedback_id']}",
                f"/api/v1/status/{owner.names['token']}",
            ):
                assert owner.canary in call(owner, "GET", path).content.decode()

    def test_staff_of_the_queue_see_the_ticket(self, people: Any) -> None:
        path = f"/api/v1/tickets/{people['kim'].names['ticket_id']}"
        for name in ("ana", "dee"):
            content = call(people[name], "GET", path).content.decode()
            assert "CANARY-kim" in content
            assert "CANARY-note" in content
