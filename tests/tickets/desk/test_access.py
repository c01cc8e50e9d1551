from __future__ import annotations

import pytest

from tests.alarms import administrator, urgent, watcher
from tests.people import NOON, agent, lead, opened
from tickets.desk.access import CannotWorkOn, check_may_work_on, may_work_on, readers_of
from tickets.desk.merging import merge
from tickets.desk.models import Ticket
from tickets.desk.transitions import WasMerged
from tickets.queues.models import AccessLevel, QueueAccess
from users.accounts.models import Role, User

pytestmark = pytest.mark.django_db


class TestMayWorkOn:
    def test_is_for_the_teams_that_work_the_queue(self, ana) -> None:
        ticket = opened("payment failed")
        assert may_work_on(ticket, ana)
        assert not may_work_on(ticket, agent("cyd", team="other", queue="other"))

    def test_is_not_for_teams_and_leads_that_only_read(self, ana) -> None:
        QueueAccess.objects.update(level=AccessLevel.READ)
        ticket = opened("payment failed")
        assert Ticket.objects.visible_to(ana).contains(ticket)
        assert not may_work_on(ticket, ana)
        assert not may_work_on(ticket, lead())

    def test_is_for_administrators_everywhere(self) -> None:
        assert may_work_on(opened("payment failed"), administrator())

    def test_is_for_the_crisis_team_in_its_queue(self) -> None:
        cleo, ordinary = watcher("cleo", team="elsewhere", queue="elsewhere"), opened("payment failed")
        QueueAccess.objects.create(team=cleo.teams.get(), queue=ordinary.queue, level=AccessLevel.READ)
        assert Ticket.objects.visible_to(cleo).contains(ordinary)
        assert not may_work_on(ordinary, cleo)
        assert may_work_on(urgent().ticket, cleo)

    def test_is_for_nobody_who_may_not_read_it(self, ana) -> None:
        ticket = opened("payment failed", flags=["sensitive"])
        assert not may_work_on(ticket, ana)


class TestCheckMayWorkOn:
    def test_refuses_those_who_may_not(self) -> None:
        with pytest.raises(CannotWorkOn):
            check_may_work_on(opened("payment failed"), agent("cyd", team="other", queue="other"))

    def test_leads_to_where_a_merged_ticket_goes_on(self, ana) -> None:
        gone, kept = opened("payment failed"), opened("Where is my money?")
        merge(gone, into=kept, actor=ana, at=NOON)
        gone.refresh_from_db()
        with pytest.raises(WasMerged, match=kept.number):
            check_may_work_on(gone, ana)


class TestReadersOf:
    def test_are_those_to_whom_it_is_visible(self, ana) -> None:
        cyd = agent("cyd", team="other", queue="other")
        cyd.teams.add(ana.teams.get())
        agent("eve", team="elsewhere", queue="elsewhere")
        agent("bo", is_active=False)
        administrator()
        lead()
        User.objects.create_user("former", role=Role.LEAD)
        agent("root", team="elsewhere", queue="elsewhere", is_superuser=True)
        watcher("cleo", team="elsewhere", queue="elsewhere")
        User.objects.create_user("kim", role=Role.CUSTOMER, is_staff=True)
        tickets = [
            opened("ordinary"),
            opened("sensitive", flags=["sensitive"]),
            urgent().ticket,
            opened("other", queue="other"),
        ]
        for ticket in tickets:
            readers = {user for user in User.objects.all() if ticket in Ticket.objects.visible_to(user)}
            assert set(readers_of(ticket)) == readers
            assert readers_of(ticket).count() == len(readers)
