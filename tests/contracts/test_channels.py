"""What holds for every kind of channel: a new one is its folder, a line in the registry and a case here."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from feedback.channels.contract import NotUnderstood, Outgoing, SendResult, SendState
from feedback.channels.registry import KINDS, kind_of, kind_reaching
from feedback.intake.incoming import Incoming
from feedback.intake.models import Channel, ChannelKind, Message, RawMessage
from feedback.intake.services import receive, record_answer
from tests.people import NOON
from users.profiles.models import Address, AddressKind

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """What the contract needs of one kind: settings that work, and a message as it arrives."""

    config: Mapping[str, Any]
    bad_config: Mapping[str, Any]
    content: bytes
    text: str
    address: str


MAIL = "From: Kim <kim@example.org>\r\nMessage-ID: <m1@example.org>\r\nSubject: Crash\r\n\r\nIt crashes.\r\n"
ROW = {
    "number": 1,
    "row": {"id": "7", "words": "It crashes.", "mail": "kim@example.org"},
    "map": {"text": "words", "external_id": "id", "email": "mail"},
    "zone": "UTC",
    "sent_at": NOON.isoformat(),
    "trusted": True,
}
CASES = {
    ChannelKind.EMAIL: Case(
        config={"address": "support@earshot.example"},
        bad_config={"address": "nobody", "imap": {}},
        content=MAIL.encode(),
        text="It crashes.",
        address="kim@example.org",
    ),
    ChannelKind.TABLE: Case(
        config={},
        bad_config={"map": {"typo": "words"}},
        content=json.dumps(ROW).encode(),
        text="It crashes.",
        address="kim@example.org",
    ),
}
#: What a stranger may send; none of it may raise anything but NotUnderstood.
JUNK = [
    *(b"", b"\0" * 100, b"\xff\xfe" * 50, b"[" * 200_000, b"{" * 1000, b"\r\n" * 1000, b"\xed\xa0\x80"),
    *(
        b'{"text": "\\u0000\\ud800"}',
        b"From: a@b\r\n" * 2000,
        "\u202e\u200b".encode(),
        b"\x1f\x8b\x08" + b"\0" * 99,
    ),
]


def test_every_kind_has_a_case():
    assert set(CASES) == set(KINDS)


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


@pytest.fixture
def case(kind):
    return CASES[kind.kind]


@pytest.fixture
def channel(kind, case):
    return Channel.objects.create(slug=kind.kind, kind=kind.kind, name=kind.kind, config=dict(case.config))


def raw_of(channel, content):
    return RawMessage.objects.create(
        channel=channel,
        external_id="<m1@example.org>",
        digest="0" * 64,
        content=content,
        media_type="application/octet-stream",
        received_at=NOON,
    )


class TestKind:
    def test_is_found_by_its_name_and_by_what_it_reaches(self, kind, channel):
        assert kind.kind in ChannelKind.values
        assert kind_of(channel) is kind
        assert kind.reaches <= set(AddressKind.values)
        for address_kind in kind.reaches:
            assert kind_reaching(address_kind) is not None


class TestCheckConfig:
    def test_finds_nothing_wrong_with_what_works(self, kind, case):
        assert kind.check_config(case.config) == []

    def test_says_in_sentences_what_is_wrong(self, kind, case):
        sentences = kind.check_config(case.bad_config)
        assert sentences
        assert all(isinstance(sentence, str) and sentence for sentence in sentences)

    @pytest.mark.parametrize(
        "config", [{}, {"typo": 1}, {"imap": None, "address": None}, {"smtp": "x", "imap": 1}]
    )
    def test_never_raises(self, kind, config):
        assert isinstance(kind.check_config(config), list)


class TestParse:
    def test_understands_its_own_and_it_can_be_received(self, kind, case, channel):
        raw = raw_of(channel, case.content)
        incoming = kind.parse(raw)
        assert isinstance(incoming, Incoming)
        assert (incoming.channel, incoming.raw, incoming.text) == (channel, raw, case.text)
        assert receive(incoming, at=NOON).is_new
        raw.refresh_from_db()
        assert raw.handled_at == NOON

    def test_gives_the_same_message_twice_the_same_name(self, kind, case, channel):
        first, second = kind.parse(raw_of(channel, case.content)), kind.parse(RawMessage.objects.get())
        assert first.external_id == second.external_id
        assert receive(first, at=NOON).is_new
        assert not receive(second, at=NOON).is_new

    @pytest.mark.parametrize("content", JUNK, ids=range(len(JUNK)))
    def test_makes_of_junk_a_message_or_says_that_it_cannot(self, kind, channel, content):
        try:
            incoming = kind.parse(raw_of(channel, content))
        except NotUnderstood:
            return
        assert receive(incoming, at=NOON).is_new

    def test_writes_nothing(self, kind, case, channel):
        kind.parse(raw_of(channel, case.content))
        assert not Message.objects.exists()


@pytest.fixture
def outgoing(kind, case, channel):
    received = receive(kind.parse(raw_of(channel, case.content)), at=NOON)
    answer = record_answer(received.feedback, text="您好 <b>", author=None, author_name="Ana", at=NOON)
    return Outgoing(
        message=answer,
        address=Address.objects.get(value=case.address),
        external_id=f"{answer.public_id}@earshot.example",
        language="zh-Hans",
        subject="Crash",
        in_reply_to=("rest-7", "<m1@example.org>"),
        status_link="https://earshot.example/status/abc",
    )


class TestSend:
    def test_never_raises_where_nobody_listens(self, kind, outgoing):
        if not kind.reaches:
            pytest.skip("answers are shown by the API only")
        result = kind.send(outgoing)
        assert isinstance(result, SendResult)
        assert result.state in SendState
        assert "您好" not in result.detail

    def test_gives_up_on_an_address_that_cannot_be(self, kind, outgoing):
        if not kind.reaches:
            pytest.skip("answers are shown by the API only")
        outgoing.address.value = "\r\nnobody\0"
        assert kind.send(outgoing).state is SendState.REFUSED
