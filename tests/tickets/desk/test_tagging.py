from __future__ import annotations

import pytest

from tests.people import NOON, opened
from tickets.desk.models import EventKind, Tag, Ticket
from tickets.desk.tagging import EmptyTag, add_tags, tag, untag

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    return opened("payment failed")


def tags_of(ticket: Ticket) -> list[str]:
    return list(ticket.tags.order_by("name").values_list("name", flat=True))


class TestAddTags:
    def test_makes_unknown_tags_and_knows_them_again(self, ticket) -> None:
        add_tags(ticket, ["refund", "vip"])
        add_tags(opened("me too"), ["refund"])
        assert tags_of(ticket) == ["refund", "vip"]
        assert Tag.objects.count() == 2


class TestTag:
    def test_is_told_once(self, ana, ticket) -> None:
        event = tag(ticket, " #refund\n", actor=ana, at=NOON)
        assert (event.kind, event.new, event.actor) == (EventKind.TAGGED, "refund", ana)
        assert tag(ticket, "refund", actor=ana, at=NOON) is None
        assert tags_of(ticket) == ["refund"]

    @pytest.mark.parametrize("name", ["", " ", "#"])
    def test_refuses_a_tag_without_a_word(self, ana, ticket, name) -> None:
        with pytest.raises(EmptyTag):
            tag(ticket, name, actor=ana, at=NOON)


class TestUntag:
    def test_takes_the_tag_off_once(self, ana, ticket) -> None:
        add_tags(ticket, ["refund", "vip"])
        event = untag(ticket, "refund", actor=ana, at=NOON)
        assert (event.kind, event.old) == (EventKind.TAGGED, "refund")
        assert untag(ticket, "refund", actor=ana, at=NOON) is None
        assert tags_of(ticket) == ["vip"]
