from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feedback.intake.models import Feedback, Message
from tests.people import NOON, agent, client_of, opened
from tickets.desk.models import Ticket
from users.accounts.models import Role, User
from users.profiles.merging import merge
from users.profiles.models import Customer, CustomerMerge

pytestmark = pytest.mark.django_db


def browser_of(name: str, **fields: object) -> Client:
    return client_of(agent(name, **fields))


def administrator() -> User:
    return User.objects.create_user("adm", role=Role.ADMINISTRATOR, is_staff=True)


def act(client: Client, model: str, action: str, rows: list[int]) -> None:
    client.post(f"/admin/users/{model}/", {"action": action, "_selected_action": rows}, follow=True)


def two() -> list[Customer]:
    opened("one", by="kim@example.org")
    opened("two", by="kim@work.example")
    return list(Customer.objects.order_by("pk"))


class TestSearch:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("Kim@Example.org kim@work.example", ["kim@example.org", "kim@work.example"]),
            ("kim@work.example", ["kim@work.example"]),
            ("Kim  Min", ["kim@example.org"]),
            ("Kim Mo", []),
            ("kim@example.or", []),
        ],
    )
    def test_finds_each_address_and_how_a_name_begins(self, typed: str, found: list[str]) -> None:
        two()
        Customer.objects.filter(addresses__normalised="kim@example.org").update(display_name="Kim Min-ji")
        shown = browser_of("ana").get("/admin/users/customer/", {"q": typed}).context["cl"].result_list
        assert sorted(one.addresses.get().normalised for one in shown) == found


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


class TestPrivacy:
    """What a person may ask of whoever keeps their words: all of it, or none of it."""

    def test_gives_out_all_that_is_held(self) -> None:
        kim = opened("the map is empty", by="kim@example.org").feedback.customer
        answer = client_of(administrator()).get(f"/admin/users/customer/{kim.pk}/held/")
        assert "attachment" in answer["Content-Disposition"]
        assert "no-store" in answer["Cache-Control"]
        held = answer.json()
        assert [one["value"] for one in held["addresses"]] == ["kim@example.org"]
        assert "the map is empty" in answer.content.decode()

    def test_asks_before_it_erases(self) -> None:
        kim = opened("the map is empty", by="kim@example.org").feedback.customer
        client = client_of(administrator())
        page = client.get(f"/admin/users/customer/{kim.pk}/erase/").content.decode()
        assert "kim@example.org" in page
        assert Message.objects.get().text == "the map is empty"
        client.post(f"/admin/users/customer/{kim.pk}/erase/")
        assert Message.objects.get().text == ""
        kim.refresh_from_db()
        assert kim.erased_at is not None

    def test_erases_what_the_log_of_the_admin_says(self) -> None:
        kim = opened("the map is empty", by="kim@example.org").feedback.customer
        Customer.objects.update(display_name="Kim Lin")
        client = client_of(administrator())
        client.get(f"/admin/users/customer/{kim.pk}/held/")
        assert LogEntry.objects.get().object_repr == "Kim Lin"
        client.post(f"/admin/users/customer/{kim.pk}/erase/")
        said = [(one.object_repr, one.change_message) for one in LogEntry.objects.order_by("pk")]
        assert said == [("", ""), (f"Customer {kim.pk}", "Erased.")]

    @pytest.mark.parametrize("what", ["held", "erase"])
    def test_is_an_administrators_who_may_read_all_of_it(self, what: str) -> None:
        ticket = opened("I want to end it", by="kim@example.org")
        kim = ticket.feedback.customer
        url = f"/admin/users/customer/{kim.pk}/{what}/"
        assert browser_of("ana").get(url).status_code == 403
        client = client_of(administrator())
        opened("only for the crisis team", customer=kim)
        Ticket.objects.exclude(pk=ticket.pk).update(is_sensitive=True)
        assert client.post(url).status_code == 403
        assert set(Message.objects.values_list("text", flat=True)) == {
            "I want to end it",
            "only for the crisis team",
        }


class TestPreferences:
    def test_refuse_quiet_hours_without_an_end_in_words(self) -> None:
        kim = opened("the map is empty", by="kim@example.org").feedback.customer
        client = browser_of("ana")
        sent = client.get(f"/admin/users/customer/{kim.pk}/change/").context
        form = {
            field.html_name: field.value() or ""
            for formset in sent["inline_admin_formsets"]
            for part in (formset.formset.management_form, *formset.formset.forms)
            for field in part
            if not isinstance(field.value(), bool)
        }
        form |= {"display_name": "Kim", "segment": "standard", "preferences-TOTAL_FORMS": "1"}
        form |= {"preferences-0-quiet_from": "22:00", "preferences-0-customer": str(kim.pk)}
        page = client.post(f"/admin/users/customer/{kim.pk}/change/", form).content.decode()
        assert "Quiet hours have a beginning and an end" in page
