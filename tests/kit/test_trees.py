from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from config.kit.trees import Row, insert_tree
from feedback.intake.models import Channel, ChannelKind
from tests.people import NOON
from users.accounts.models import ApiToken, Role, Scope, User
from users.profiles.models import Address, AddressKind, Customer

pytestmark = pytest.mark.django_db


def address(normalised: str = "kim@example.org") -> Address:
    return Address(kind=AddressKind.EMAIL, value="Kim", normalised=normalised, created_at=NOON)


class TestInsertTree:
    def test_writes_what_save_would(self) -> None:
        owner = User.objects.create_user("app", role=Role.INTEGRATION)
        saved = Channel.objects.create(
            slug="a", kind=ChannelKind.REST, name="é", config={"a": [1]}, owner=owner
        )
        at_once = Channel(slug="b", kind=ChannelKind.REST, name="é", config={"a": [1]}, owner=owner)
        token = ApiToken(user=owner, name="t", digest="d", scopes=[Scope.ACT_FOR, Scope.PROFILE])
        insert_tree([Row("channel", at_once), Row("token", token)])
        at_once.refresh_from_db()
        ignored = {"id", "slug"}
        written, expected = model_to_dict(at_once), model_to_dict(saved)
        assert {k: v for k, v in written.items() if k not in ignored} == {
            k: v for k, v in expected.items() if k not in ignored
        }
        assert ApiToken.objects.get(pk=token.pk).scopes == [Scope.ACT_FOR, Scope.PROFILE]

    def test_links_rows_to_one_another_in_one_query(self, django_assert_num_queries) -> None:
        customer, its_address = Customer(created_at=NOON), address()
        with django_assert_num_queries(1):
            insert_tree([Row("customer", customer), Row("address", its_address, {"customer_id": "customer"})])
        assert its_address.customer_id == customer.pk
        assert Customer.objects.get().addresses.get() == its_address

    def test_writes_all_or_nothing(self) -> None:
        first = Customer.objects.create(created_at=NOON)
        Address.objects.create(
            customer=first, kind=AddressKind.EMAIL, value="Kim", normalised="kim@example.org", created_at=NOON
        )
        rows = [
            Row("customer", Customer(created_at=NOON)),
            Row("address", address(), {"customer_id": "customer"}),
        ]
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_tree(rows)
        assert Customer.objects.count() == 1
