from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.alarms import administrator
from tickets.queues.models import BusinessCalendar, EscalationPolicy
from users.accounts.models import Team

pytestmark = pytest.mark.django_db

CALENDAR = {
    "name": "Office",
    "time_zone": "Asia/Shanghai",
    "hours-0-opens": ["13:00", "09:00"],
    "hours-0-closes": ["18:00", "12:00"],
    "hours-5-opens": ["22:00", ""],
    "hours-5-closes": ["00:00", ""],
    "holidays": ["2026-10-01", "", "2026-01-01", "2026-10-01"],
}
POLICY = {
    "category": "",
    "acknowledge_within": "15 min",
    "repeat_every": "10 min",
    "steps-minutes": ["10", "0", "", "2.5"],
    "steps-notify": ["team:night-watch", "on_call", "", "backup"],
}


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(administrator())
    return client


def errors_of(client: Client, url: str, fields: dict[str, Any]) -> str:
    response = client.post(url, fields)
    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert sum(len(of_one) for of_one in errors.values()) == 1
    return str(errors)


class TestBusinessCalendarForm:
    add = property(lambda self: reverse("admin:tickets_businesscalendar_add"))

    def test_stores_slots_in_order_and_days_once(self, client: Client) -> None:
        assert client.post(self.add, CALENDAR).status_code == 302
        calendar = BusinessCalendar.objects.get(name="Office")
        assert calendar.hours == {"0": [["09:00", "12:00"], ["13:00", "18:00"]], "5": [["22:00", "00:00"]]}
        assert calendar.holidays == [date(2026, 1, 1), date(2026, 10, 1)]

    def test_shows_what_is_stored(self, client: Client) -> None:
        calendar = BusinessCalendar.objects.create(
            name="Shift", hours={"6": [["22:00", "06:00"]]}, holidays=[date(2026, 5, 1)]
        )
        url = reverse("admin:tickets_businesscalendar_change", args=[calendar.pk])
        shown = client.get(url).content.decode()
        assert 'name="hours-6-opens" value="22:00"' in shown
        assert 'name="holidays" value="2026-05-01"' in shown
        assert (
            "Sun 22:00–06:00"
            in client.get(reverse("admin:tickets_businesscalendar_changelist")).content.decode()
        )

    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            (
                {"hours-0-opens": [], "hours-0-closes": [], "hours-5-opens": [], "hours-5-closes": []},
                "at least one day",
            ),
            ({"hours-0-closes": ["18:00", "13:30"]}, "Monday: two slots overlap"),
            ({"hours-5-closes": ["", ""]}, "Saturday: say from when until when"),
            ({"holidays": ["the first of May"]}, "year-month-day"),
            ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
        ],
    )
    def test_says_what_is_wrong(self, client: Client, changed: dict[str, Any], told: str) -> None:
        assert told in errors_of(client, self.add, CALENDAR | changed)

    def test_keeps_what_was_typed_when_it_is_refused(self, client: Client) -> None:
        response = client.post(self.add, CALENDAR | {"hours-0-closes": ["18:00", "13:30"]})
        assert 'name="hours-0-closes" value="13:30"' in response.content.decode()


class TestEscalationPolicyForm:
    @pytest.fixture
    def url(self) -> str:
        Team.objects.create(slug="night-watch", name="Night watch")
        return reverse(
            "admin:tickets_escalationpolicy_change", args=[EscalationPolicy.objects.get(category="").pk]
        )

    def test_stores_steps_in_order_of_time(self, client: Client, url: str) -> None:
        assert client.post(url, POLICY).status_code == 302
        assert EscalationPolicy.objects.get(category="").steps == [
            {"after_minutes": 0, "notify": "on_call"},
            {"after_minutes": 2.5, "notify": "backup"},
            {"after_minutes": 10, "notify": "team:night-watch"},
        ]
        listed = client.get(reverse("admin:tickets_escalationpolicy_changelist")).content.decode()
        assert "Whoever is on call (at once) → The backup on call" in listed
        assert "Team Night watch (10 min)" in listed

    @pytest.mark.parametrize(
        ("minutes", "notify", "told"),
        [
            ([], [], "at least one step"),
            (["5"], ["on_call"], "taken at once"),
            (["0", "0"], ["on_call", "backup"], "Step 2: it must be later"),
            (["0", "soon"], ["on_call", "backup"], "Step 2: say how many minutes"),
            (["0", "nan"], ["on_call", "backup"], "Step 2: say how many minutes"),
            (["0", "-3"], ["on_call", "backup"], "Step 1: say how many minutes"),
            (["0", "20000"], ["on_call", "backup"], "at most 7 d"),
            (["0", "5"], ["on_call", ""], "Step 2: choose whom to tell"),
            (["0", "5"], ["on_call", "team:gone"], "no team gone any more"),
        ],
    )
    def test_says_what_is_wrong(
        self, client: Client, url: str, minutes: list[str], notify: list[str], told: str
    ) -> None:
        fields = POLICY | {"steps-minutes": minutes, "steps-notify": notify}
        assert told in errors_of(client, url, fields)

    def test_offers_a_team_that_is_gone_so_that_nothing_changes_unseen(
        self, client: Client, url: str
    ) -> None:
        steps = [{"after_minutes": 0, "notify": "team:gone"}]
        EscalationPolicy.objects.filter(category="").update(steps=steps)
        assert '<option value="team:gone" selected>' in client.get(url).content.decode()
