from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.kit.outbox.models import OutboxRow
from feedback.intake.models import Channel, Message
from feedback.intake.services import channel_of, default_channel
from tests.feedback.api.calls import call, login
from users.accounts.models import Role

pytestmark = pytest.mark.django_db

KIM = {"email": "kim@example.org"}


@pytest.fixture(autouse=True)
def _nobody_called_before() -> None:
    cache.clear()


def switched_on(channel: Channel) -> Channel:
    channel.config["acknowledge"] = True
    channel.save()
    return channel


def owed() -> list[int]:
    return list(OutboxRow.objects.filter(kind="message.accepted").values_list("subject_id", flat=True))


def submit(text: str = "The upload stops", **given: Any) -> Any:
    extra = {name: given.pop(name) for name in ("token", "key") if name in given}
    return call("POST", "/feedback", {"text": text, **given}, **extra)


class TestConfirmations:
    def test_are_owed_where_the_channel_is_switched_on_and_the_sender_can_be_written_to(self) -> None:
        switched_on(default_channel("rest"))
        submit(customer=KIM)
        assert owed() == [Message.objects.get().pk]
        submit()
        assert len(owed()) == 1

    def test_are_not_owed_unless_somebody_asked_for_them(self) -> None:
        assert submit(customer=KIM).status_code == 201
        assert owed() == []

    def test_are_owed_once_however_often_the_same_is_sent(self) -> None:
        switched_on(default_channel("rest"))
        for _again in range(2):
            submit(customer=KIM, key="a-key-that-nobody-else-has")
        assert len(owed()) == 1

    def test_are_of_new_feedback_alone(self) -> None:
        switched_on(default_channel("rest"))
        receipt = submit(customer=KIM).json()
        link = receipt["status_url"].rpartition("/")[2]
        assert call("POST", f"/status/{link}/messages", {"text": "And it crashes"}).status_code == 201
        assert len(owed()) == 1

    def test_stop_for_a_network_that_has_many_strangers_written_to(self, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "anonymous_confirmations": "2/hour"}
        switched_on(default_channel("rest"))
        answers = [submit(customer={"email": f"kim{number}@example.org"}) for number in range(3)]
        assert [answer.status_code for answer in answers] == [201] * 3
        assert len(owed()) == 2

    def test_of_integrations_are_theirs_to_choose(self, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "anonymous_confirmations": "1/hour"}
        shop, token = login("shop")
        for text in ("one", "two"):
            submit(text, customer={"account": "7", **KIM}, token=token)
        assert owed() == []
        switched_on(channel_of(shop))
        channel_of.forget()
        for text in ("three", "four"):
            submit(text, customer={"account": "7", **KIM}, token=token)
        assert len(owed()) == 2

    def test_are_owed_to_those_who_are_logged_in(self) -> None:
        switched_on(default_channel("rest"))
        _kim, token = login("kim", Role.CUSTOMER)
        submit(token=token)
        assert len(owed()) == 1

    def test_cost_taking_the_feedback_no_further_query(self) -> None:
        channel = default_channel("rest")
        submit(customer=KIM)
        with CaptureQueriesContext(connection) as without:
            submit(customer=KIM)
        switched_on(channel)
        with CaptureQueriesContext(connection) as with_one:
            submit(customer=KIM)
        assert (len(owed()), len(with_one)) == (1, len(without))
