from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from feedback.intake.models import Channel
from tests.alarms import on_call
from tests.people import NOON, agent, client_of, lead, opened
from tickets.desk.hearing import wait_on_us
from tickets.desk.models import Status
from tickets.desk.services import assign
from tickets.desk.transitions import move
from tickets.queues.models import Queue
from tickets.replies.services import reply
from tickets.workbench.figures import HOURS, last_day, loads
from tickets.workbench.setting_up import left_to_do
from users.accounts.models import Role, Team, User

pytestmark = pytest.mark.django_db

URGENT = {"lane": "red", "category": "safety", "urgency": 0.9}


class TestLastDay:
    def test_counts_what_came_in_by_the_hour_the_newest_last(self, ana) -> None:
        for number, hours in enumerate((0, 0, 5, 23, 25)):
            opened(str(number), by=f"k{number}@example.org", at=NOON - timedelta(hours=hours, minutes=1))
        day = last_day(ana, at=NOON)
        assert day.opened == 4
        assert len(day.hours) == HOURS
        assert [(bar.label, bar.count) for bar in day.hours if bar.count] == [("23", 1), ("5", 1), ("0", 2)]
        assert day.hours[-1].percent == 100

    def test_measures_the_first_answers_that_were_given(self, ana) -> None:
        for number, minutes in enumerate((10, 20, 90 * 60)):
            ticket = opened(str(number), by=f"k{number}@example.org", at=NOON - timedelta(minutes=minutes))
            reply(ticket, text="yes", author=ana, at=NOON, language="en")
        day = last_day(ana, at=NOON)
        assert (day.answered, day.first_reply) == (3, timedelta(minutes=20))
        assert day.in_time == pytest.approx(2 / 3)

    def test_measures_an_answer_from_when_the_customer_wrote_again(self, ana) -> None:
        ticket = opened("payment failed", at=NOON - timedelta(days=30))
        move(ticket, Status.SOLVED, actor=ana, at=NOON - timedelta(days=29))
        wait_on_us(ticket, actor=None, at=NOON - timedelta(minutes=20))
        reply(ticket, text="yes", author=ana, at=NOON, language="en")
        assert last_day(ana, at=NOON).first_reply == timedelta(minutes=20)

    def test_says_nothing_of_what_did_not_happen(self, ana) -> None:
        day = last_day(ana, at=NOON)
        assert (day.opened, day.answered, day.solved, day.first_reply, day.in_time) == (0, 0, 0, None, None)

    def test_is_only_of_tickets_one_may_read(self, ana) -> None:
        ticket = opened("secret", flags=["sensitive"])
        move(ticket, Status.SOLVED, actor=None, at=NOON)
        day = last_day(ana, at=NOON)
        assert (day.opened, day.solved) == (0, 0)
        assert last_day(agent("kay", is_crisis_team=True), at=NOON).solved == 1


class TestLoads:
    def test_name_the_most_loaded_first(self, ana) -> None:
        bo = agent("bo")
        for number in range(3):
            ticket = opened(str(number), by=f"k{number}@example.org")
            assign(ticket, to=ana if number else bo, actor=None, at=NOON)
        assert [(load.username, load.bar.count) for load in loads(lead())] == [("ana", 2), ("bo", 1)]


class TestHome:
    def test_says_what_waits_and_who_waits_for_a_person(self) -> None:
        kay = agent("kay", is_crisis_team=True)
        opened("我不想活了", at=timezone.now(), **URGENT)
        html = client_of(kay).get("/admin/").content.decode()
        assert "1 urgent ticket waits for a person" in html
        assert "我不想活了" in html

    def test_shows_loads_to_leads_only(self, ana) -> None:
        assign(opened("one"), to=ana, actor=None, at=NOON)
        assert "Who has how much" in client_of(lead()).get("/admin/").content.decode()
        assert "Who has how much" not in client_of(ana).get("/admin/").content.decode()

    def test_costs_the_same_however_much_there_is(self, ana, django_assert_max_num_queries) -> None:
        client = client_of(ana)
        opened("0", by="k@example.org", at=timezone.now(), lane="amber", urgency=0.5, queue="support")
        with django_assert_max_num_queries(20) as one:
            client.get("/admin/")
        for number in range(5):
            opened(str(number), by=f"k{number}@example.org", at=timezone.now())
        with django_assert_max_num_queries(len(one)):
            client.get("/admin/")

    def test_has_nothing_for_staff_without_a_role(self, django_user_model) -> None:
        opened("secret")
        someone = django_user_model.objects.create_user("x", is_staff=True)
        html = client_of(someone).get("/admin/").content.decode()
        assert "no role here yet" in html
        assert "data-count=" not in html


class TestNavigation:
    def test_escapes_what_people_named_a_queue(self, ana) -> None:
        agent("bo", queue="evil")

        Queue.objects.filter(slug="evil").update(name="<script>alert(1)</script>")
        html = client_of(ana).get("/admin/").content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
        assert "<script>alert" not in html

    def test_offers_each_role_what_it_may_open(self, ana) -> None:
        agents = client_of(ana).get("/admin/").content.decode()
        assert "/admin/tickets/cannedreply/" in agents
        assert "/admin/users/user/" not in agents
        assert 'href="/admin/desk/crisis/"' not in agents
        assert 'href="/admin/desk/crisis/"' in client_of(lead()).get("/admin/").content.decode()

    def test_is_where_a_login_without_another_wish_leads(self, client: Client, ana) -> None:
        ana.set_password("a long enough secret")
        ana.save(update_fields=["password"])
        answer = client.post("/admin/login/", {"username": "ana", "password": "a long enough secret"})
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")


class TestLeftToDo:
    def test_names_what_is_missing_until_it_is_there(self, ana) -> None:
        Queue.objects.create(slug="idle", name="Idle")
        told = " ".join(one.what for one in left_to_do(NOON))
        assert "Nobody is on the crisis team." in told
        assert "Nobody is on call now." in told
        assert "Idle" in told
        on_call("cleo")
        told = " ".join(one.what for one in left_to_do(NOON))
        assert "crisis team" not in told
        assert "on call" not in told

    def test_names_agents_who_would_see_nothing(self, db: None) -> None:
        assert "There are no support agents yet." in [one.what for one in left_to_do(NOON)]
        lost = User.objects.create_user("lou", role=Role.AGENT, is_staff=True)
        [told] = [one for one in left_to_do(NOON) if "in no team" in one.what]
        assert told.what == "These agents are in no team: lou"
        client = client_of(User.objects.create_user("adm", role=Role.ADMINISTRATOR, is_staff=True))
        team = Team.objects.create(slug="first-line", name="First line")
        page = client.get(told.url).context["adminform"].form
        fields = {name: page[name].value() for name in ("username", "language", "role", "availability")}
        assert client.post(told.url, {**fields, "is_active": "on", "teams": [team.pk]}).status_code == 302
        assert list(lost.teams.all()) == [team]
        assert not [one for one in left_to_do(NOON) if "in no team" in one.what]

    def test_names_an_address_that_only_this_machine_reaches(self, ana, settings) -> None:
        settings.IS_EMBEDDED, settings.PUBLIC_BASE_URL = False, "http://127.0.0.1:8000"
        assert "Links in mails lead to http://127.0.0.1:8000." in [one.what for one in left_to_do(NOON)]
        settings.PUBLIC_BASE_URL = "https://earshot.example.org"
        assert not [one for one in left_to_do(NOON) if "Links in mails" in one.what]

    def test_names_the_mailbox_and_leads_to_its_form(self, ana) -> None:
        [told] = [one for one in left_to_do(NOON) if one.what == "No mailbox is connected."]
        adm = client_of(User.objects.create_user("adm", role=Role.ADMINISTRATOR, is_staff=True))
        assert adm.get(told.url).context["adminform"].form["kind"].value() == "email"
        Channel.objects.create(slug="help", kind="email", name="Help", config={"imap": {}})
        assert told not in left_to_do(NOON)

    def test_is_shown_to_administrators_alone(self, ana) -> None:
        adm = User.objects.create_user("adm", role=Role.ADMINISTRATOR, is_staff=True)
        assert "Nobody is on call now." in client_of(adm).get("/admin/").content.decode()
        assert "Nobody is on call now." not in client_of(ana).get("/admin/").content.decode()
