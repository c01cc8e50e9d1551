import dataclasses
import uuid

import pytest

from feedback.channels.email.parsed import ParsedMail
from feedback.channels.email.threads import (
    Candidate,
    Claim,
    Decision,
    decide,
    feedback_named_by,
    message_id,
    message_named_by,
    read_claim,
    reply_address,
)

KEY, OLD_KEY = b"key" * 10, b"old" * 10
OWN = "support@earshot.example"
FEEDBACK, MESSAGE = uuid.UUID(int=7), uuid.UUID("018f3c1e-0000-7000-8000-000000000001")


class TestReplyAddress:
    def test_names_its_feedback(self):
        address = reply_address(OWN, FEEDBACK, key=KEY)
        assert feedback_named_by(address, own=OWN, keys=[KEY]) == FEEDBACK
        assert len(address.partition("@")[0]) <= 64

    def test_survives_a_server_that_changes_case(self):
        address = reply_address(OWN, FEEDBACK, key=KEY)
        assert feedback_named_by(address.upper(), own=OWN, keys=[KEY]) == FEEDBACK

    def test_is_still_known_after_the_key_was_changed(self):
        address = reply_address(OWN, FEEDBACK, key=OLD_KEY)
        assert feedback_named_by(address, own=OWN, keys=[KEY, OLD_KEY]) == FEEDBACK
        assert feedback_named_by(address, own=OWN, keys=[KEY]) is None

    def test_of_another_feedback_cannot_be_made_from_it(self):
        local, _at, domain = reply_address(OWN, FEEDBACK, key=KEY).partition("@")
        for position in range(len("support+"), len(local)):
            other = "b" if local[position] != "b" else "c"
            forged = f"{local[:position]}{other}{local[position + 1 :]}@{domain}"
            assert feedback_named_by(forged, own=OWN, keys=[KEY]) is None

    @pytest.mark.parametrize(
        "address", ["", "@", OWN, f"support+@{OWN[8:]}", "support+a@b", "support+1é!@earshot.example"]
    )
    def test_is_nothing_else(self, address):
        assert feedback_named_by(address, own=OWN, keys=[KEY]) is None

    def test_is_plain_where_a_token_would_be_too_long(self):
        long = "customer-support-department@earshot.example"
        assert reply_address(long, FEEDBACK, key=KEY) == long


class TestMessageId:
    def test_names_its_message(self):
        identifier = message_id(f"{MESSAGE}@earshot.example", key=KEY)
        assert message_named_by(identifier, keys=[KEY]) == MESSAGE

    def test_is_the_same_when_signed_twice(self):
        once = message_id(f"{MESSAGE}@earshot.example", key=KEY)
        assert message_id(once, key=KEY) == once

    def test_without_signature_names_nothing(self):
        assert message_named_by(f"<{MESSAGE}@earshot.example>", keys=[KEY]) is None
        forged = f"<{MESSAGE}.aaaaaaaaaaaaaaaa@earshot.example>"
        assert message_named_by(forged, keys=[KEY]) is None

    def test_of_others_only_gets_its_brackets(self):
        assert message_id("abc@example.org", key=KEY) == "<abc@example.org>"


class TestReadClaim:
    def test_finds_addresses_ids_and_numbers(self):
        mail = ParsedMail(
            to=("lin@example.org", reply_address(OWN, FEEDBACK, key=KEY)),
            references=("<x@y>", message_id(f"{MESSAGE}@earshot.example", key=KEY)),
            subject="Re: E-10042 and E-10043",
        )
        assert read_claim(mail, own=OWN, keys=[KEY]) == Claim((FEEDBACK,), (MESSAGE,), (10042, 10043))


class TestDecide:
    KIM = frozenset({"kim@example.org"})

    def test_joins_with_proof_and_as_a_participant(self):
        candidates = [Candidate(1, is_proved=True, participants=self.KIM)]
        assert decide(candidates, sender="Kim@example.org", flags=[]) == Decision(joins=1, mentions=None)

    def test_links_only_whoever_got_the_mail_forwarded(self):
        candidates = [Candidate(1, is_proved=True, participants=self.KIM)]
        assert decide(candidates, sender="lin@example.org", flags=[]) == Decision(joins=None, mentions=1)

    def test_links_only_what_names_a_number(self):
        candidates = [Candidate(1, is_proved=False, participants=self.KIM)]
        assert decide(candidates, sender="kim@example.org", flags=[]) == Decision(joins=None, mentions=1)

    @pytest.mark.parametrize(
        "flag", ["multiple_from", "missing_from", "address_hidden_in_name", "parse_failed"]
    )
    def test_links_only_a_sender_who_is_not_clear(self, flag):
        candidates = [Candidate(1, is_proved=True, participants=self.KIM)]
        assert decide(candidates, sender="kim@example.org", flags=[flag]).joins is None

    def test_does_not_take_a_look_alike_for_a_participant(self):
        candidate = Candidate(1, is_proved=True, participants=self.KIM)
        assert decide([candidate], sender="kіm@example.org", flags=[]).joins is None

    def test_takes_the_second_when_only_that_is_the_senders(self):
        first = Candidate(1, is_proved=True, participants=frozenset({"lin@example.org"}))
        second = dataclasses.replace(first, feedback=2, participants=self.KIM)
        assert decide([first, second], sender="kim@example.org", flags=[]).joins == 2

    def test_finds_nothing_in_nothing(self):
        assert decide([], sender="kim@example.org", flags=[]) == Decision(None, None)
