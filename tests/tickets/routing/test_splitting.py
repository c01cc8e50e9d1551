from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from feedback.analysis.models import Assessment, UrgencyLane
from feedback.intake.links import feedback_for_token, status_token
from feedback.intake.models import Feedback, Message
from feedback.intake.parting import CannotPart
from tests.people import NOON, agent, opened, said
from tests.threads import together
from tickets.desk.access import CannotWorkOn
from tickets.desk.crisis_places import acknowledge
from tickets.desk.merging import merge
from tickets.desk.models import EventKind, Status, Ticket, TicketLink
from tickets.desk.services import NotTakenYet
from tickets.queues.models import Queue
from tickets.replies.services import reply
from tickets.routing.services import admit
from tickets.routing.splitting import CannotSplit, split

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind")]

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def ticket() -> Ticket:
    return opened("The upload stops at 99 %", app_version="8.4.0", platform="ios")


def adds(ticket: Ticket, text: str, **assessed: Any) -> Message:
    """Return what the customer adds to the thread of ``ticket``, admitted."""
    message = said(text, thread=ticket.feedback, at=NOON + timedelta(minutes=5)).message
    assessment = Assessment.objects.filter(message__feedback=ticket.feedback).order_by("pk")[0]
    assessment.pk, assessment.message = None, message
    for name, value in assessed.items():
        setattr(assessment, name, value)
    assessment.save(force_insert=True)
    admit(message, assessment, at=NOON + timedelta(minutes=5))
    return message


class TestSplit:
    def test_opens_a_ticket_with_what_was_chosen(self, ana, ticket) -> None:
        second = adds(ticket, "And I was charged twice")
        third = adds(ticket, "Twice 12 euros")
        new = split(ticket, [third.public_id, second.public_id], subject="Charged twice", actor=ana, at=LATER)
        assert new.feedback.messages.order_by("pk").values_list("text", flat=True)[0] == second.text
        assert ticket.feedback.messages.get().text == "The upload stops at 99 %"
        assert (new.subject, new.status, new.queue) == ("Charged twice", Status.NEW, ticket.queue)
        made = new.feedback
        assert (made.customer, made.channel, made.app_version) == (
            ticket.feedback.customer, ticket.feedback.channel, "8.4.0",
        )  # fmt: skip
        assert made.received_at == second.received_at

    def test_loses_nothing(self, ana, ticket) -> None:
        second = adds(ticket, "And I was charged twice")
        before = set(Message.objects.values_list("pk", "text", "external_id", "received_at"))
        split(ticket, [second.public_id], actor=ana, at=LATER)
        assert set(Message.objects.values_list("pk", "text", "external_id", "received_at")) == before

    def test_is_told_in_both_histories_and_as_a_link(self, ana, ticket) -> None:
        new = split(ticket, [adds(ticket, "And another").public_id], actor=ana, at=LATER)
        assert ticket.events.get(kind=EventKind.SPLIT).new == new.number
        assert new.events.get(kind=EventKind.SPLIT).old == ticket.number
        link = TicketLink.objects.get()
        assert (link.source, link.target) == (new, ticket)

    def test_leaves_the_link_of_the_reporter_open_and_leads_on(self, ana, ticket, client) -> None:
        token = status_token(ticket.feedback.public_id)
        new = split(ticket, [adds(ticket, "And another").public_id], actor=ana, at=LATER)
        assert feedback_for_token(token) == ticket.feedback
        page = client.get(f"/status/{token}").content.decode()
        assert new.number in page
        assert f"/status/{status_token(new.feedback.public_id)}" in page
        assert ticket.number in client.get(f"/status/{status_token(new.feedback.public_id)}").content.decode()

    def test_hears_what_the_customer_adds_on_the_thread_they_add_it_to(self, ana, ticket) -> None:
        new = split(ticket, [adds(ticket, "And another").public_id], actor=ana, at=LATER)
        reply(new, text="We look into it.", author=ana, at=LATER, language="en")
        adds(new, "Thank you")
        assert Ticket.objects.get(pk=new.pk).status == Status.WAITING_ON_US
        assert ticket.feedback.messages.count() == 1

    def test_is_undone_by_merging(self, ana, ticket) -> None:
        new = split(ticket, [adds(ticket, "And another").public_id], actor=ana, at=LATER)
        merge(new, into=Ticket.objects.get(pk=ticket.pk), actor=ana, at=LATER)
        assert Ticket.objects.get(pk=new.pk).merged_into == ticket
        assert Feedback.objects.get(pk=new.feedback_id).handled_with == ticket.feedback

    def test_refuses_to_take_all_or_nothing(self, ana, ticket) -> None:
        second = adds(ticket, "And another")
        first = ticket.feedback.messages.order_by("pk")[0]
        with pytest.raises(CannotPart, match="must stay"):
            split(ticket, [first.public_id, second.public_id], actor=ana, at=LATER)
        with pytest.raises(CannotPart, match="Choose"):
            split(ticket, [], actor=ana, at=LATER)
        assert Ticket.objects.count() == 1

    def test_refuses_messages_of_another_ticket_and_answers_of_ours(self, ana, ticket) -> None:
        adds(ticket, "And another")
        foreign = opened("theirs", by="lin@example.org").feedback.messages.get()
        with pytest.raises(CannotPart, match="not in this ticket"):
            split(ticket, [foreign.public_id], actor=ana, at=LATER)
        answer = reply(ticket, text="Hello", author=ana, at=LATER, language="en").message
        with pytest.raises(CannotPart, match="Our answers"):
            split(ticket, [answer.public_id], actor=ana, at=LATER)

    def test_waits_for_what_is_still_being_read(self, ana, ticket) -> None:
        unread = said("And another", thread=ticket.feedback, at=LATER).message
        with pytest.raises(CannotSplit, match="still being read"):
            split(ticket, [unread.public_id], actor=ana, at=LATER)

    def test_refuses_who_may_not_work_on_it(self, ticket) -> None:
        second = adds(ticket, "And another")
        cyd = agent("cyd", team="other", queue="other")
        with pytest.raises(CannotWorkOn):
            split(ticket, [second.public_id], actor=cyd, at=LATER)

    def test_shows_no_part_to_those_who_might_not_see_the_whole(self, ana) -> None:
        hidden = opened("secret", flags=["sensitive"])
        second = adds(hidden, "And another", flags=[])
        new = split(hidden, [second.public_id], actor=agent("cleo", is_crisis_team=True), at=LATER)
        assert not Ticket.objects.visible_to(ana).filter(pk=new.pk).exists()


class TestSplitOfAnUrgentTicket:
    URGENT = {"lane": UrgencyLane.RED, "urgency": 0.9, "categories": [["safety", 0.9]]}

    @pytest.fixture
    def cleo(self) -> Any:
        return agent("cleo", is_crisis_team=True)

    @pytest.fixture
    def urgent(self) -> Ticket:
        return opened("help", lane=UrgencyLane.RED, category="safety", urgency=0.9)

    def test_waits_until_a_person_took_it(self, cleo, urgent) -> None:
        second = adds(urgent, "And the upload stops", lane=UrgencyLane.NONE, urgency=0.1)
        with pytest.raises(NotTakenYet, match="take it"):
            split(urgent, [second.public_id], actor=cleo, at=LATER)

    def test_leaves_the_ordinary_part_out_of_the_crisis_queue(self, cleo, urgent) -> None:
        second = adds(urgent, "And the upload stops", lane=UrgencyLane.NONE, urgency=0.1)
        acknowledge(urgent.crisis_places.get(), actor=cleo, at=NOON)
        new = split(urgent, [second.public_id], actor=cleo, at=LATER)
        assert not new.crisis_places.exists()
        assert not new.queue.is_crisis
        assert urgent.crisis_places.get().closed_at is None

    def test_keeps_an_urgent_part_in_the_hands_of_who_took_it(self, cleo, urgent) -> None:
        second = adds(urgent, "help me", **self.URGENT)
        acknowledge(urgent.crisis_places.get(), actor=cleo, at=NOON)
        new = split(urgent, [second.public_id], actor=cleo, at=LATER)
        place = new.crisis_places.get()
        assert (place.acknowledged_by, place.closed_at) == (cleo, None)
        assert Ticket.objects.get(pk=new.pk).queue == Queue.objects.get(is_crisis=True)


@pytest.mark.django_db(transaction=True)
class TestTwoAgents:
    def test_split_the_same_message_once(self, ana, ticket) -> None:
        second = adds(ticket, "And another")
        results = together(*[lambda: split(ticket, [second.public_id], actor=ana, at=LATER)] * 2)
        assert sum(isinstance(one, CannotPart) for one in results) == 1
        assert Ticket.objects.count() == 2
