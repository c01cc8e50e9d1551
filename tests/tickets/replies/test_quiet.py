from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core.exceptions import ValidationError

from feedback.intake.models import Direction, FeedbackState, Message
from tests.alarms import urgent, watcher
from tests.people import NOON, agent, client_of, opened, said
from tickets.desk.models import DeskSettings, EventKind, Status, Ticket
from tickets.desk.transitions import move
from tickets.replies.models import Delivery
from tickets.replies.quiet import FORGOTTEN_AFTER, remind_one, solve_one, tend_quiet
from tickets.replies.services import reply
from tickets.replies.waiting import send
from users.accounts.models import User
from users.profiles.models import OptOut
from users.profiles.services import set_preferences

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def ana() -> User:
    return agent("ana")


@pytest.fixture
def chosen() -> DeskSettings:
    """Remind after three days, solve after seven."""
    settings = DeskSettings.objects.get()
    settings.remind_after_days, settings.solve_after_days = 3, 7
    settings.save()
    return settings


def answered(ana: User, text: str = "payment failed", **fields) -> Ticket:
    ticket = opened(text, **fields)
    reply(ticket, text="Which card?", author=ana, at=NOON, language="en")
    ticket.refresh_from_db()
    return ticket


def automatic(ticket: Ticket) -> list[str]:
    sent = Message.objects.filter(feedback=ticket.feedback, direction=Direction.OUT, is_automatic=True)
    return list(sent.order_by("pk").values_list("text", flat=True))


def after(days: float) -> tuple[int, int]:
    return tend_quiet(NOON + days * DAY)


class TestReminding:
    def test_asks_once_when_the_time_has_come(self, ana, chosen):
        ticket = answered(ana)
        assert after(2.9) == (0, 0)
        assert after(3.1) == (1, 0)
        assert after(3.2) == (0, 0)
        (text,) = automatic(ticket)
        assert "We answered you on" in text
        assert "If we hear nothing by" in text
        ticket.refresh_from_db()
        assert ticket.status == Status.WAITING_ON_CUSTOMER

    def test_leaves_by_the_channel_the_message_came_by(self, ana, chosen):
        ticket = answered(ana)
        after(3.1)
        delivery = Delivery.objects.get(message__is_automatic=True)
        assert delivery.address == ticket.feedback.address

    def test_speaks_the_language_of_the_customer(self, ana, chosen):
        ticket = answered(ana, "付款失败了", language="zh-Hans")
        after(3.1)
        assert "回复" in automatic(ticket)[0]

    def test_threatens_with_nothing_where_nothing_is_solved(self, ana, chosen):
        ticket = answered(ana)
        DeskSettings.objects.update(solve_after_days=0)
        after(3.1)
        assert "If we hear nothing" not in automatic(ticket)[0]

    def test_asks_again_after_another_answer(self, ana, chosen):
        ticket = answered(ana)
        after(3.1)
        said("A blue one", thread=ticket.feedback, at=NOON + 4 * DAY)
        ticket.refresh_from_db()
        reply(ticket, text="Which bank?", author=ana, at=NOON + 5 * DAY, language="en")
        assert after(7.9) == (0, 0)
        assert after(8.1) == (1, 0)

    def test_waits_for_the_end_of_quiet_hours(self, ana, chosen):
        ticket = answered(ana)
        evening = {"quiet_from": time(19), "quiet_until": time(21), "time_zone": "Asia/Shanghai"}
        set_preferences(ticket.feedback.customer, changes=evening, at=NOON)
        # Noon in UTC is eight in the evening there.
        assert after(4) == (0, 0)
        assert after(4.1) == (1, 0)

    def test_spares_who_wants_no_automatic_mail(self, ana, chosen):
        ticket = answered(ana)
        set_preferences(ticket.feedback.customer, changes={"opt_outs": [OptOut.ACKNOWLEDGEMENTS]}, at=NOON)
        assert after(3.1) == (0, 0)

    def test_reminds_nobody_of_what_is_long_forgotten_when_it_is_switched_on(self, ana, chosen):
        answered(ana)
        DeskSettings.objects.update(solve_after_days=0)
        assert tend_quiet(NOON + 3 * DAY + FORGOTTEN_AFTER) == (0, 0)

    def test_does_not_happen_twice_at_once(self, ana, chosen):
        ticket = answered(ana)
        at = NOON + 3.1 * DAY
        assert [remind_one(ticket.pk, chosen, at=at) for _ in range(2)] == [True, False]


class TestSolving:
    def test_solves_what_stays_silent_and_says_why(self, ana, chosen):
        ticket = answered(ana)
        assert after(7.1) == (0, 1)
        ticket.refresh_from_db()
        ticket.feedback.refresh_from_db()
        assert ticket.status == Status.SOLVED
        assert ticket.feedback.state == FeedbackState.SOLVED
        silent, moved = ticket.events.order_by("-pk")[:2][::-1]
        assert (silent.kind, silent.details, silent.actor) == (EventKind.UNANSWERED, {"days": 7}, None)
        assert (moved.kind, moved.new) == (EventKind.MOVED, Status.SOLVED)
        page = client_of(ana).get(f"/admin/desk/{ticket.public_id}/").content.decode()
        assert "heard nothing from the customer for 7 days" in page

    def test_does_not_happen_twice_at_once(self, ana, chosen):
        ticket = answered(ana)
        assert [solve_one(ticket.pk, 7, at=NOON + 8 * DAY) for _ in range(2)] == [True, False]


class TestLeavingAlone:
    def test_is_what_it_does_unless_somebody_chose_otherwise(self, ana):
        answered(ana)
        assert after(300) == (0, 0)

    def test_holds_for_what_waits_for_us(self, ana, chosen):
        ticket = answered(ana)
        move(ticket, Status.WAITING_ON_US, actor=ana, at=NOON)
        assert after(7.1) == (0, 0)

    def test_holds_where_the_customer_had_the_last_word(self, ana, chosen):
        ticket = answered(ana)
        Ticket.objects.filter(pk=ticket.pk).update(last_customer_at=NOON + DAY)
        assert after(7.1) == (0, 0)

    def test_holds_for_what_was_urgent(self, chosen):
        ticket = urgent().ticket
        reply(ticket, text="We look.", author=watcher("kai"), at=NOON, language="en")
        assert after(7.1) == (0, 0)

    def test_holds_for_what_is_delicate(self, ana, chosen):
        ticket = answered(ana)
        Ticket.objects.filter(pk=ticket.pk).update(is_sensitive=True)
        assert after(7.1) == (0, 0)

    @pytest.mark.parametrize("origin", ["demo", "import", "drill"])
    def test_holds_for_what_is_not_live(self, ana, chosen, origin):
        ticket = answered(ana)
        Ticket.objects.filter(pk=ticket.pk).update(origin=origin)
        assert after(7.1) == (0, 0)

    def test_holds_while_an_answer_is_about_to_leave(self, ana, chosen):
        ticket = answered(ana)
        send(ticket, text="One more thing", author=ana, at=NOON + 7.1 * DAY, language="en")
        assert after(7.1) == (0, 0)


class TestTheSettings:
    def test_remind_before_they_solve(self, chosen):
        chosen.remind_after_days = 7
        with pytest.raises(ValidationError, match="Remind earlier"):
            chosen.full_clean()
