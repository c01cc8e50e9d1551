from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail

from config.kit.outbox.lanes import Lane
from config.kit.outbox.services import run_one
from tests.people import NOON, customer, said
from tests.threads import together
from users.accounts.models import User
from users.profiles.models import Address, AddressProof, Customer
from users.profiles.proofs import (
    MOST_PER_ADDRESS,
    BelongsToAnother,
    CannotRemove,
    LinkNotValid,
    TooManyProofs,
    ask_for_proof,
    mail_link,
    proof_link,
    proof_of,
    proof_token,
    prove,
    remove_address,
)
from users.profiles.services import customer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def kim() -> Customer:
    return customer_of(User.objects.create_user("kim"), at=NOON)


def ask(customer: Customer, email: str = "Kim@Example.org", language: str = "en") -> AddressProof:
    return ask_for_proof(customer, email=email, language=language, at=NOON)


class TestAskForProof:
    def test_mails_a_link_once_and_nothing_of_the_person(self, kim: Customer) -> None:
        proof = ask(kim)
        assert run_one(Lane.DEFAULT, at=NOON, by="test")
        assert not mail_link(proof.pk, NOON)
        (sent,) = mail.outbox
        assert sent.to == ["Kim@Example.org"]
        assert proof_link(proof) in sent.body
        assert proof_link(proof).startswith("http://127.0.0.1:8000/addresses/")
        assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
        assert not Address.objects.filter(is_proven=True).exists()

    def test_fills_nobodys_mailbox(self, kim: Customer) -> None:
        for _time in range(MOST_PER_ADDRESS):
            ask(kim)
        with pytest.raises(TooManyProofs):
            ask(kim, "KIM@example.org")
        lin = customer_of(User.objects.create_user("lin"), at=NOON)
        with pytest.raises(TooManyProofs):
            ask(lin)
        for number in range(7):
            ask(kim, f"{number}@example.org")
        with pytest.raises(TooManyProofs):
            ask(kim, "other@example.org")


class TestProve:
    def test_makes_the_address_ones_own(self, kim: Customer) -> None:
        address = prove(ask(kim), at=NOON)
        assert (address.customer, address.normalised, address.is_proven) == (kim, "kim@example.org", True)
        assert prove(AddressProof.objects.get(), at=NOON + timedelta(days=3)) == address

    def test_joins_who_wrote_from_there_before(self, kim: Customer) -> None:
        earlier = said("by mail", by="kim@example.org").feedback
        prove(ask(kim), at=NOON)
        earlier.customer.refresh_from_db()
        assert earlier.customer.merged_into == kim

    def test_makes_a_used_link_no_key_to_whoever_has_the_address_later(self, kim: Customer) -> None:
        proof = ask(kim)
        remove_address(prove(proof, at=NOON))
        other = said("I have this mailbox now.", by="kim@example.org").feedback.customer
        with pytest.raises(LinkNotValid):
            prove(proof, at=NOON + timedelta(days=300))
        other.refresh_from_db()
        assert other.merged_into is None

    def test_joins_nobody_who_only_typed_it(self, kim: Customer) -> None:
        typed = customer("kim@example.org", is_proven=False)
        prove(ask(kim), at=NOON)
        typed.refresh_from_db()
        assert typed.merged_into is None

    def test_takes_nothing_from_another_login(self, kim: Customer) -> None:
        prove(ask(kim), at=NOON)
        lin = customer_of(User.objects.create_user("lin"), at=NOON)
        with pytest.raises(BelongsToAnother):
            prove(ask(lin), at=NOON)
        assert Address.objects.get(is_proven=True).customer == kim

    @pytest.mark.django_db(transaction=True)
    def test_of_two_logins_at_once_gives_it_to_one(self, kim: Customer) -> None:
        lin = customer_of(User.objects.create_user("lin"), at=NOON)
        proofs = [ask(kim), ask(lin)]
        results = together(*[partial(prove, proof, at=NOON) for proof in proofs])
        assert {type(result) for result in results} == {Address, BelongsToAnother}

    def test_ends_after_a_day(self, kim: Customer) -> None:
        with pytest.raises(LinkNotValid):
            prove(ask(kim), at=NOON + timedelta(days=1))


class TestToken:
    def test_opens_its_proof_only(self, kim: Customer) -> None:
        proof = ask(kim)
        token = proof_token(proof.public_id)
        assert proof_of(token) == proof
        for wrong in ("", "x", token[:-1], token + "=", "é\0"):
            assert proof_of(wrong) is None


class TestRemoveAddress:
    def test_forgets_it(self, kim: Customer) -> None:
        address = prove(ask(kim), at=NOON)
        remove_address(address)
        assert not Address.objects.filter(normalised="kim@example.org").exists()
        assert said("hi", by="kim@example.org").feedback.customer != kim

    def test_leaves_what_an_app_names(self, kim: Customer) -> None:
        account = Address(customer=kim, kind="account", value="u-1", created_at=NOON)
        with pytest.raises(CannotRemove):
            remove_address(account)
