from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_one
from feedback.intake.incoming import Incoming
from feedback.intake.lost_links import (
    MOST_PER_ADDRESS,
    VALID,
    answered_to,
    ask_for_links,
    forget_old_requests,
    links_address,
    links_token,
    mail_links,
    request_of,
)
from feedback.intake.models import Feedback, LinkRequest
from feedback.intake.services import receive
from tests.people import NOON, rest_channel, said
from users.profiles.holdings import erase_customer
from users.profiles.models import AddressKind
from users.profiles.services import Handle

pytestmark = pytest.mark.django_db


def heard(text: str, *, answer_to: str) -> Feedback:
    """Return what ``text`` became, said by nobody we know, who gave ``answer_to``."""
    feedback = said(text, by=answer_to).feedback
    feedback.refresh_from_db()
    return feedback


def asked(email: str = "Kim@Example.org", language: str = "en") -> LinkRequest:
    ask_for_links(email, language=language, at=NOON)
    return LinkRequest.objects.latest("pk")


class TestAskForLinks:
    def test_mails_one_link_to_what_is_answered_there(self) -> None:
        feedback = heard("The upload stops", answer_to="kim@example.org")
        request = asked()
        while run_one(Lane.DEFAULT, at=NOON, by="test"):
            pass
        (sent,) = [one for one in mail.outbox if one.subject == "The links to what you told us"]
        assert sent.to == ["Kim@Example.org"]
        assert links_address(request) in sent.body
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
        assert list(answered_to(request)) == [feedback]
        assert not mail_links(request.pk, NOON), "the same mail left twice"

    def test_writes_in_the_language_of_the_page(self) -> None:
        heard("视频加载不出来", answer_to="kim@example.org")
        assert mail_links(asked(language="zh-hans").pk, NOON)
        assert mail.outbox[-1].subject == "您的反馈链接"

    def test_sends_nothing_where_nothing_is_answered(self) -> None:
        heard("The upload stops", answer_to="lin@example.org")
        assert not mail_links(asked().pk, NOON)
        assert mail.outbox == []

    def test_fills_nobodys_mailbox(self) -> None:
        for _time in range(MOST_PER_ADDRESS + 2):
            ask_for_links("kim@example.org", language="en", at=NOON)
        assert LinkRequest.objects.count() == MOST_PER_ADDRESS
        ask_for_links("kim@example.org", language="en", at=NOON + VALID)
        assert LinkRequest.objects.count() == MOST_PER_ADDRESS + 1

    def test_tells_nothing_of_an_erased_person(self) -> None:
        feedback = heard("The upload stops", answer_to="kim@example.org")
        erase_customer(feedback.customer, at=NOON)
        assert not mail_links(asked().pk, NOON)


class TestRequestOf:
    def test_opens_for_a_day(self) -> None:
        token = links_token(asked())
        assert request_of(token, at=NOON + VALID - timedelta(minutes=1)) is not None
        assert request_of(token, at=NOON + VALID) is None

    def test_refuses_what_we_did_not_make(self) -> None:
        token = links_token(asked())
        assert request_of(token[:-2], at=NOON) is None
        assert request_of("x", at=NOON) is None


class TestAnsweredTo:
    def test_knows_the_person_by_where_answers_go_and_not_by_what_others_wrote(self) -> None:
        mine = heard("The upload stops", answer_to="kim@example.org")
        heard("Not mine", answer_to="lin@example.org")
        account = Handle(
            AddressKind.ACCOUNT, "kim@example.org", namespace=rest_channel().slug, is_proven=True
        )
        named = receive(
            Incoming(rest_channel(), "1", "An account called like an address", NOON, handle=account), at=NOON
        )
        assert named.feedback.address is not None
        assert list(answered_to(asked())) == [mine]

    def test_gives_the_first_words_of_each(self) -> None:
        heard("The upload stops " * 50, answer_to="kim@example.org")
        (one,) = answered_to(asked())
        assert one.first_words.startswith("The upload stops")  # type: ignore[attr-defined]
        assert len(one.first_words) == 160  # type: ignore[attr-defined]


class TestForgetOldRequests:
    def test_deletes_what_no_link_opens_any_more(self) -> None:
        asked()
        assert forget_old_requests(NOON + VALID) == 0
        assert forget_old_requests(NOON + 3 * VALID) == 1
