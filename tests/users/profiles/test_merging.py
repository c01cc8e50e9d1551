from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections

from feedback.intake.models import Feedback, Message
from tests.people import NOON, customer, said
from tests.threads import meanwhile
from users.accounts.models import User
from users.profiles.holdings import erase_customer
from users.profiles.merging import CannotMerge, CannotUnmerge, merge, unmerge
from users.profiles.models import Customer, CustomerMerge, OptOut, Preferences, Purpose
from users.profiles.services import (
    customer_of,
    opt_out,
    reachable_address,
    record_consent,
    set_preferences,
)

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


class TestMerge:
    def test_makes_two_customers_one_person_and_back(self) -> None:
        kim, other = customer("kim@example.org"), customer("kim@work.example")
        record_consent(other, Purpose.NEWS, is_granted=True, at=NOON)
        done = merge(kim, other, actor=None, at=NOON)
        assert said("again", by="kim@work.example").feedback.customer == kim
        assert kim.addresses.count() == 2
        assert kim.consents.count() == 1
        unmerge(done, actor=None, at=LATER)
        other.refresh_from_db()
        assert other.merged_into is None
        assert reachable_address(other).normalised == "kim@work.example"  # type: ignore[union-attr]
        assert (kim.addresses.count(), kim.consents.count()) == (1, 0)
        assert said("third", by="kim@work.example").feedback.customer == other

    def test_shows_the_login_what_the_other_said(self) -> None:
        user = User.objects.create_user("kim")
        said("by mail", by="kim@example.org")
        mailer = customer("kim@example.org")
        assert not Feedback.objects.visible_to(user)
        done = merge(customer_of(user, at=NOON), mailer, actor=user, at=NOON)
        assert Feedback.objects.visible_to(user).count() == 1
        unmerge(done, actor=user, at=LATER)
        assert not Feedback.objects.visible_to(user)

    def test_takes_the_login_along_when_the_other_has_it(self) -> None:
        user = User.objects.create_user("kim")
        mine, kept = customer_of(user, at=NOON), customer("kim@example.org")
        done = merge(kept, mine, actor=None, at=NOON)
        assert customer_of(user, at=NOON) == kept
        unmerge(done, actor=None, at=LATER)
        assert customer_of(user, at=NOON) == mine

    def test_never_makes_a_chain(self) -> None:
        first, second, third = customer("a@example.org"), customer("b@example.org"), customer("c@example.org")
        inner = merge(second, third, actor=None, at=NOON)
        outer = merge(first, second, actor=None, at=NOON)
        third.refresh_from_db()
        assert third.merged_into == first
        with pytest.raises(CannotUnmerge):
            unmerge(inner, actor=None, at=LATER)
        unmerge(outer, actor=None, at=LATER)
        third.refresh_from_db()
        assert third.merged_into == second
        unmerge(inner, actor=None, at=LATER)
        third.refresh_from_db()
        assert third.merged_into is None

    def test_keeps_every_opt_out_of_both(self) -> None:
        kim, other = customer("kim@example.org"), customer("kim@work.example")
        set_preferences(kim, changes={"opt_outs": ["surveys"], "language": "en"}, at=NOON)
        set_preferences(other, changes={"opt_outs": ["updates"], "language": "zh-Hans"}, at=NOON)
        done = merge(kim, other, actor=None, at=NOON)
        kim.preferences.refresh_from_db()
        assert (kim.preferences.opt_outs, kim.preferences.language) == (["surveys", "updates"], "en")
        unmerge(done, actor=None, at=LATER)
        kim.preferences.refresh_from_db()
        assert kim.preferences.opt_outs == ["surveys"]

    def test_moves_wishes_to_whom_had_none(self) -> None:
        kim, other = customer("kim@example.org"), customer("kim@work.example")
        set_preferences(other, changes={"opt_outs": ["updates"]}, at=NOON)
        done = merge(kim, other, actor=None, at=NOON)
        assert Customer.objects.get(pk=kim.pk).preferences.opt_outs == ["updates"]
        unmerge(done, actor=None, at=LATER)
        assert Customer.objects.get(pk=other.pk).preferences.opt_outs == ["updates"]

    def test_refuses_the_same_the_merged_and_two_logins(self) -> None:
        kim, other = customer("kim@example.org"), customer("kim@work.example")
        with pytest.raises(CannotMerge):
            merge(kim, kim, actor=None, at=NOON)
        done = merge(kim, other, actor=None, at=NOON)
        for pair in ((kim, other), (customer("c@example.org"), other)):
            with pytest.raises(CannotMerge):
                merge(*pair, actor=None, at=NOON)
        logins = [customer_of(User.objects.create_user(name), at=NOON) for name in ("kim", "lin")]
        with pytest.raises(CannotMerge):
            merge(*logins, actor=None, at=NOON)
        unmerge(done, actor=None, at=LATER)
        with pytest.raises(CannotUnmerge):
            unmerge(done, actor=None, at=LATER)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Somebody else is in the middle of it, and commits before we go on."""

    @pytest.fixture
    def pair(self) -> tuple[Customer, Customer]:
        return customer("kim@example.org"), customer("kim@work.example")

    def late(self, job: Callable[[], object]) -> threading.Thread:
        """Start ``job``, which has to wait for what the caller's block holds."""

        def run() -> None:
            try:
                job()
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        return thread

    def test_keeps_a_wish_that_is_added_meanwhile(self, pair: tuple[Customer, Customer]) -> None:
        kim, other = pair
        set_preferences(kim, changes={"opt_outs": ["surveys"]}, at=NOON)
        set_preferences(other, changes={"opt_outs": []}, at=NOON)
        with meanwhile(lambda: opt_out(other, OptOut.UPDATES, at=NOON)):
            merging = self.late(lambda: merge(kim, other, actor=None, at=NOON))
        merging.join()
        assert Preferences.objects.get(customer=kim).opt_outs == ["surveys", "updates"]

    @pytest.mark.parametrize("has_wishes", [True, False])
    def test_lets_a_wish_follow_whom_it_is_of(
        self, pair: tuple[Customer, Customer], has_wishes: bool
    ) -> None:
        kim, other = pair
        if has_wishes:
            set_preferences(kim, changes={"language": "en"}, at=NOON)
        set_preferences(other, changes={"language": "en"}, at=NOON)
        with meanwhile(lambda: merge(kim, other, actor=None, at=NOON)):
            wishing = self.late(lambda: opt_out(other, OptOut.UPDATES, at=NOON))
        wishing.join()
        assert Preferences.objects.get(customer=kim).opt_outs == ["updates"]
        unmerge(CustomerMerge.objects.get(), actor=None, at=LATER)

    def test_erases_whoever_is_merged_while_erasing_waits(self, pair: tuple[Customer, Customer]) -> None:
        kim, other = pair
        said("my secret", by="kim@work.example")
        with meanwhile(lambda: merge(kim, other, actor=None, at=NOON)):
            erasing = self.late(lambda: erase_customer(kim, at=NOON))
        erasing.join()
        assert not Message.objects.exclude(text="").exists()
        assert not Customer.objects.filter(erased_at=None).exists()
