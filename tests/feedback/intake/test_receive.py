from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connections

from config.kit.origins import Origin
from config.kit.outbox.lanes import Lane, Priority
from config.kit.outbox.models import OutboxRow
from feedback.intake.bounds import MOST_TEXT
from feedback.intake.incoming import Incoming, IncomingFile
from feedback.intake.models import Attachment, Feedback, Idempotency, Message
from feedback.intake.services import (
    EmptyMessage,
    IdempotencyKey,
    KeyReused,
    Receipt,
    TextTooLong,
    receive,
)
from tests.people import NOON, rest_channel, said
from users.profiles.models import Address, AddressKind, Customer
from users.profiles.services import Handle

pytestmark = pytest.mark.django_db


def incoming(text: str = "视频一直加载不出来", **fields: object) -> Incoming:
    return Incoming(
        channel=rest_channel(),
        external_id="one",
        text=text,
        sent_at=NOON,
        handle=Handle(AddressKind.EMAIL, "Kim@Example.org", is_proven=True),
        **fields,  # type: ignore[arg-type]
    )


class TestReceive:
    def test_stores_feedback_message_and_owes_its_assessment(self) -> None:
        receipt = receive(incoming(raw=b"{}"), at=NOON)
        assert receipt.is_new
        assert receipt.feedback.number == f"E-{10_000 + receipt.feedback.pk}"
        assert receipt.message.raw is not None
        row = OutboxRow.objects.get()
        assert (row.kind, row.subject_id) == ("message.received", receipt.message.pk)
        assert (row.lane, row.priority) == (Lane.CRISIS, Priority.NORMAL)

    def test_puts_danger_words_first(self) -> None:
        receive(incoming("我不想活了"), at=NOON)
        assert OutboxRow.objects.get().priority == Priority.URGENT
        assert Message.objects.get().danger_hits[0]["category"] == "safety"

    def test_returns_the_first_for_the_same_message(self) -> None:
        first = receive(incoming(), at=NOON)
        second = receive(incoming(), at=NOON)
        assert second.message == first.message
        assert not second.is_new
        assert Feedback.objects.count() == Message.objects.count() == 1

    def test_keeps_two_mails_apart_that_share_an_id(self) -> None:
        receive(incoming("one"), at=NOON)
        assert receive(incoming("two"), at=NOON).is_new

    def test_answers_a_retried_key_with_the_first(self) -> None:
        once = IdempotencyKey("user:1", "abc", "hash")
        first = receive(incoming(), at=NOON, once=once)
        again = receive(replace(incoming(), external_id="two"), at=NOON, once=once)
        assert again == Receipt(first.feedback, first.message, is_new=False)

    def test_refuses_a_key_used_for_something_else(self) -> None:
        receive(incoming(), at=NOON, once=IdempotencyKey("user:1", "abc", "hash"))
        with pytest.raises(KeyReused):
            receive(incoming("other"), at=NOON, once=IdempotencyKey("user:1", "abc", "other"))

    def test_joins_a_thread_it_belongs_to(self) -> None:
        first = said("payment failed")
        second = said("still failing", thread=first.feedback)
        assert second.feedback == first.feedback
        assert first.feedback.messages.count() == 2

    def test_does_not_join_the_history_of_a_claimed_address(self) -> None:
        said("mine", by="kim@example.org")
        claimed = Handle(AddressKind.EMAIL, "kim@example.org", is_proven=False)
        receive(replace(incoming(), handle=claimed, external_id="other"), at=NOON)
        assert Customer.objects.count() == 2

    def test_knows_a_person_by_address_in_any_case(self) -> None:
        said("one", by="kim@example.org")
        said("two", by="KIM@example.org")
        assert Address.objects.count() == Customer.objects.count() == 1

    @pytest.mark.parametrize("text", ["", "   ", "\x00", "\n\n"])
    def test_refuses_nothing_said(self, text: str) -> None:
        with pytest.raises(EmptyMessage):
            receive(incoming(text), at=NOON)

    def test_refuses_a_novel(self) -> None:
        with pytest.raises(TextTooLong):
            receive(incoming("x" * (MOST_TEXT + 1)), at=NOON)

    def test_keeps_what_postgresql_cannot(self) -> None:
        message = receive(incoming("a\x00b\ud800c"), at=NOON).message
        message.refresh_from_db()
        assert message.text == "ab\ufffdc"

    def test_judges_files_itself(self) -> None:
        file = IncomingFile("../../evil\u202egnp.html", b"\x89PNG\r\n\x1a\n...", "text/html")
        receive(incoming(attachments=(file,)), at=NOON)
        stored = Attachment.objects.get()
        assert (stored.filename, stored.content_type) == ("evil_gnp.html", "image/png")

    def test_sends_imports_down_the_bulk_lane(self) -> None:
        receive(incoming("我不想活了", origin=Origin.IMPORT), at=NOON)
        row = OutboxRow.objects.get()
        assert (row.lane, row.priority) == (Lane.BULK, Priority.BULK)


@pytest.mark.django_db(transaction=True)
class TestReceiveAtOnce:
    def test_gives_every_retry_the_same_feedback(self) -> None:
        rest_channel()
        once = IdempotencyKey("user:1", "abc", "hash")
        receipts: list[Receipt] = []

        def submit(number: int) -> None:
            receipts.append(receive(replace(incoming(), external_id=f"try-{number}"), at=NOON, once=once))
            connections.close_all()

        threads = [threading.Thread(target=submit, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({receipt.feedback.pk for receipt in receipts}) == 1
        assert [receipt.is_new for receipt in receipts].count(True) == 1
        assert Feedback.objects.count() == Message.objects.count() == Idempotency.objects.count() == 1
        assert Customer.objects.count() == 1


class TestReceiveCost:
    def test_of_a_new_feedback_is_two_queries(self, django_assert_num_queries) -> None:
        new = incoming(raw=b"{}")
        # Savepoint, who is it, write everything, release.
        with django_assert_num_queries(4):
            receive(new, at=NOON, once=IdempotencyKey("user:1", "abc", "hash"))
