from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Feedback, FeedbackState, Message
from feedback.intake.ratings import rate
from feedback.intake.services import record_answer, show_state
from tests.people import NOON, agent, opened
from tickets.desk.drafts import keep_draft
from tickets.desk.models import Ticket
from tickets.desk.services import add_note
from users.accounts.models import Scope, User
from users.accounts.services import issue_token, token_for
from users.profiles.holdings import erase_customer, export_customer, holdings
from users.profiles.merging import merge
from users.profiles.models import Customer
from users.profiles.proofs import ask_for_proof
from users.profiles.services import customer_of, set_preferences

pytestmark = pytest.mark.django_db

SECRET = "CANARY-7f3a"
OURS = ("users", "feedback", "tickets")


def leads_to_customer(model: type[models.Model], seen: frozenset[Any] = frozenset()) -> bool:
    """Say whether ``model`` refers to a customer, directly or through what it refers to."""
    if model is Customer:
        return True
    for field in model._meta.concrete_fields:
        other = field.related_model
        if isinstance(other, type) and other not in seen and leads_to_customer(other, seen | {model}):
            return True
    return False


class TestHoldings:
    @pytest.mark.parametrize(
        "label",
        sorted(
            model._meta.label
            for model in apps.get_models()
            if model._meta.app_label in OURS and leads_to_customer(model)
        ),
    )
    def test_answer_for_every_model_that_leads_to_a_customer(self, label: str) -> None:
        answered = {name for holding in holdings() for name in holding.models}
        assert label in answered, f"register a Holding for {label} (see users/profiles/holdings.py)"

    def test_name_models_that_exist(self) -> None:
        for holding in holdings():
            for label in holding.models:
                apps.get_model(label)


def kim_with_everything() -> tuple[User, Ticket]:
    """Return Kim's login and ticket; every text and name of hers holds SECRET."""
    user = User.objects.create_user(f"kim-{SECRET}", email=f"{SECRET}@example.org", first_name=SECRET)
    issue_token(user, name="phone", scopes=[Scope.PROFILE], at=NOON)
    kim = customer_of(user, at=NOON)
    kim.display_name = SECRET
    kim.save()
    set_preferences(kim, changes={"language": "zh-Hans"}, at=NOON)
    ask_for_proof(kim, email=f"other-{SECRET}@example.org", language="en", at=NOON)
    ticket = opened(
        f"我不想活了 {SECRET}",
        by=f"{SECRET}@mail.example",
        subject=SECRET,
        device=SECRET,
        html=SECRET,
        raw=SECRET.encode(),
        attachments=(IncomingFile(f"{SECRET}.txt", SECRET.encode()),),
        reasons=[{"text": SECRET}],
        lane="red",
        category="safety",
    )
    feedback = Feedback.objects.get()
    ana = agent("ana", is_superuser=True)
    record_answer(feedback, text=f"Dear {SECRET}", author=ana, author_name="Ana", at=NOON)
    add_note(ticket, text=SECRET, actor=ana, at=NOON)
    keep_draft(ticket, author=ana, is_internal=False, text=SECRET, at=NOON)
    show_state(feedback, FeedbackState.SOLVED)
    rate(feedback, score=1, comment=SECRET, at=NOON)
    merge(kim, feedback.customer, actor=None, at=NOON)
    return user, ticket


def as_text(value: Any) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def everything_in_the_database() -> str:
    """Return every row of every table of ours as text, bytes readable."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
            for row in cursor.fetchall():
                words = [
                    bytes(v).decode(errors="replace") if isinstance(v, memoryview | bytes) else str(v)
                    for v in row
                ]
                found.append(f"{model._meta.label}: {words}")
    return "\n".join(found)


class TestExport:
    def test_gives_out_all_that_was_said_and_merged(self) -> None:
        user, _ticket = kim_with_everything()
        exported = export_customer(customer_of(user, at=NOON))
        text = json.dumps(exported, cls=DjangoJSONEncoder, ensure_ascii=False)
        assert f"我不想活了 {SECRET}" in text
        assert f"Dear {SECRET}" in text
        assert {row["display_name"] for row in exported["person"]} >= {SECRET}
        assert len(exported["ratings"]) == len(exported["attachments"]) == 1


class TestErase:
    def test_leaves_no_text_anywhere(self) -> None:
        user, _ticket = kim_with_everything()
        assert SECRET in everything_in_the_database()
        erase_customer(customer_of(user, at=NOON), at=NOON)
        left = [line for line in everything_in_the_database().splitlines() if SECRET in line]
        assert left == []

    def test_keeps_what_is_counted(self) -> None:
        user, ticket = kim_with_everything()
        before = (Feedback.objects.count(), Message.objects.count(), ticket.events.count())
        erase_customer(customer_of(user, at=NOON), at=NOON)
        erase_customer(customer_of(user, at=NOON), at=NOON)
        assert (Feedback.objects.count(), Message.objects.count(), ticket.events.count()) == before
        ticket.refresh_from_db()
        assert (ticket.category, ticket.lane) == ("safety", "red")
        assert Message.objects.filter(erased_at=NOON).count() == 2

    def test_closes_the_login(self) -> None:
        user, _ticket = kim_with_everything()
        _token, secret = issue_token(user, name="watch", scopes=[Scope.PROFILE], at=NOON)
        erase_customer(customer_of(user, at=NOON), at=NOON)
        user.refresh_from_db()
        assert not user.is_active
        assert token_for(secret, at=NOON) is None

    def test_can_be_done_again_by_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        user, _ticket = kim_with_everything()
        call_command("erase_customer", str(customer_of(user, at=NOON).public_id))
        assert SECRET not in everything_in_the_database()
