from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.intake.models import Feedback
from tests.people import NOON, agent, client_of, opened
from users.profiles.merging import merge
from users.profiles.models import Customer, CustomerMerge

pytestmark = pytest.mark.django_db


def browser_of(name: str, **fields: object) -> Client:
    return client_of(agent(name, **fields))


def act(client: Client, model: str, action: str, rows: list[int]) -> None:
    client.post(f"/admin/users/{model}/", {"action": action, "_selected_action": rows}, follow=True)


def two() -> list[Customer]:
    opened("one", by="kim@example.org")
    opened("two", by="kim@work.example")
    return list(Customer.objects.order_by("pk"))


class TestMerge:
    def test_is_one_action_and_undone_by_another(self) -> None:
        client = browser_of("ana")
        kept, gone = two()
        act(client, "customer", "merge_two", [kept.pk, gone.pk])
        gone.refresh_from_db()
        assert gone.merged_into == kept
        assert client.get(f"/admin/users/customer/{kept.pk}/change/").status_code == 200
        done = CustomerMerge.objects.get()
        act(client, "customermerge", "undo", [done.pk])
        gone.refresh_from_db()
        done.refresh_from_db()
        assert (gone.merged_into, done.undone_by) == (None, done.actor)

    def test_needs_exactly_two(self) -> None:
        kept, _gone = two()
        act(browser_of("ana"), "customer", "merge_two", [kept.pk])
        assert not CustomerMerge.objects.exists()

    def test_is_not_for_who_cannot_see_both(self) -> None:
        client = browser_of("cyd", team="other", queue="other")
        kept, gone = two()
        act(client, "customer", "merge_two", [kept.pk, gone.pk])
        assert not CustomerMerge.objects.exists()
        assert Feedback.objects.count() == 2

    def test_of_another_agent_is_not_shown(self) -> None:
        kept, gone = two()
        merge(kept, gone, actor=agent("bo"), at=NOON)
        act(browser_of("ana"), "customermerge", "undo", [CustomerMerge.objects.get().pk])
        gone.refresh_from_db()
        assert gone.merged_into == kept


class TestList:
    def test_tells_apart_who_gave_no_name(self) -> None:
        two()
        shown = browser_of("ana").get("/admin/users/customer/").content.decode()
        assert "kim@example.org" in shown
        assert "kim@work.example" in shown

    def test_says_what_a_nameless_one_wrote_about_of_what_one_may_read(self) -> None:
        opened("the map is empty", by="")
        agent("cyd", team="other", queue="other")
        nameless = Customer.objects.get()
        opened("told elsewhere", customer=nameless, queue="other", by="")
        shown = browser_of("ana").get("/admin/users/customer/").content.decode()
        assert "the map is empty" in shown
        assert "told elsewhere" not in shown

    def test_costs_the_same_for_many_as_for_few(self, django_assert_num_queries) -> None:
        client, list_of = browser_of("ana"), "/admin/users/customer/"
        two()
        with CaptureQueriesContext(connection) as few:
            client.get(list_of)
        for number in range(5):
            opened("three", by=f"lin{number}@example.org")
        with django_assert_num_queries(len(few)):
            client.get(list_of)
