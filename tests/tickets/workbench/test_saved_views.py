from __future__ import annotations

import pytest

from tests.people import NOON, agent, client_of, opened
from tickets.workbench.filters import Filters
from tickets.workbench.models import SavedView
from tickets.workbench.saved_views import (
    MOST_OF_ONE,
    NotYours,
    TooManyViews,
    remove_view,
    save_view,
    views_for,
)
from users.accounts.models import Role, User

pytestmark = pytest.mark.django_db
INBOX = "/admin/desk/"
URGENT = Filters(folder="unassigned", lane="red", language="zh")


@pytest.fixture
def bo():
    return agent("bo")


def saved(owner, name="Urgent", *, is_shared=False, filters=URGENT) -> SavedView:
    return save_view(owner, name=name, filters=filters, is_shared=is_shared, at=NOON)


class TestSaveView:
    def test_keeps_the_list_under_its_name(self, ana) -> None:
        told = client_of(ana).post(
            f"{INBOX}views/",
            {"name": " 红色\n中文 ", "folder": "unassigned", "lane": "red", "language": "zh"},
        )
        assert told.json()["done"] == "Saved as “红色 中文”."
        view = SavedView.objects.get()
        assert (view.owner, view.is_shared, view.list_shown) == (ana, False, URGENT)

    def test_replaces_what_the_name_meant(self, ana) -> None:
        saved(ana)
        saved(ana, filters=Filters(folder="mine"), is_shared=True)
        view = SavedView.objects.get()
        assert (view.list_shown, view.is_shared) == (Filters(folder="mine"), True)

    @pytest.mark.parametrize("name", ["", " \n "])
    def test_wants_a_name(self, ana, name) -> None:
        told = client_of(ana).post(f"{INBOX}views/", {"name": name, "lane": "red"})
        assert (told.status_code, told.json()["code"]) == (409, "name_missing")

    def test_is_bounded(self, ana) -> None:
        for number in range(MOST_OF_ONE):
            saved(ana, str(number))
        saved(ana, "0")
        with pytest.raises(TooManyViews):
            saved(ana, "one more")

    def test_outlives_what_it_filtered_by(self, ana) -> None:
        view = saved(ana)
        SavedView.objects.update(filters={"folder": "all", "lane": "violet", "colour": "red"})
        view.refresh_from_db()
        assert view.list_shown == Filters(folder="all")


class TestViewsFor:
    def test_are_ones_own_and_those_shared(self, ana, bo) -> None:
        saved(ana, "b mine")
        saved(bo, "a shared", is_shared=True)
        saved(bo, "private")
        shown = views_for(ana, shown=URGENT)
        assert [(one.view.name, one.is_open, one.may_remove) for one in shown] == [
            ("a shared", True, False),
            ("b mine", True, True),
        ]
        assert not views_for(ana, shown=Filters())[0].is_open

    def test_lead_to_the_list(self, ana) -> None:
        ticket = opened("hello", language="en")
        saved(ana, "<b>English</b>", filters=Filters(folder="all", language="en"))
        page = client_of(ana).get(INBOX).content.decode()
        assert "&lt;b&gt;English&lt;/b&gt;" in page
        assert 'href="?folder=all&amp;language=en"' in page
        assert ticket.number in client_of(ana).get(f"{INBOX}?folder=all&language=en").content.decode()

    def test_open_nothing_that_the_reader_may_not_see(self, ana) -> None:
        cyd = agent("cyd", team="other", queue="other")
        ticket = opened("hello", language="en")
        saved(ana, filters=Filters(folder="all", language="en"), is_shared=True)
        page = client_of(cyd).get(f"{INBOX}?{views_for(cyd, shown=Filters())[0].query}").content.decode()
        assert ticket.number not in page


class TestRemoveView:
    def test_is_for_its_owner_and_administrators(self, ana, bo) -> None:
        view = saved(ana, is_shared=True)
        with pytest.raises(NotYours):
            remove_view(view, actor=bo)
        told = client_of(bo).post(f"{INBOX}views/{view.public_id}/remove/")
        assert (told.status_code, told.json()["code"]) == (409, "not_yours")
        assert client_of(ana).post(f"{INBOX}views/{view.public_id}/remove/").status_code == 200
        max_ = User.objects.create_user("max", role=Role.ADMINISTRATOR)
        remove_view(saved(bo, is_shared=True), actor=max_)
        assert not SavedView.objects.exists()

    def test_of_anothers_private_one_is_not_there(self, ana, bo) -> None:
        view = saved(ana)
        assert client_of(bo).post(f"{INBOX}views/{view.public_id}/remove/").status_code == 404
