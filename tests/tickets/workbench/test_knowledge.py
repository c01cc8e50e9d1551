from __future__ import annotations

import pytest

from feedback.analysis.encoder import ENCODER, encode_gist
from feedback.analysis.models import MessageVector
from feedback.api.known_problems import report
from feedback.api.submission import Sender, Submission
from tests.feedback.knowledge.knowing import article, problem, read_all
from tests.people import NOON, agent, client_of, lead, opened, rest_channel, said
from tickets.desk.models import LinkKind, Ticket, TicketLink
from tickets.replies.models import CannedReply, CannedReplyText
from tickets.replies.services import reply
from tickets.replies.suggesting import index_canned_replies
from tickets.workbench.actions import Asked, BadChoice, act
from tickets.workbench.knowledge import panel_of
from tickets.workbench.similar import matter_of, similar_tickets
from users.profiles.services import set_preferences

pytestmark = pytest.mark.django_db


def read(text: str, **fields) -> Ticket:
    """Return the ticket of ``text`` with the vectors of its messages."""
    ticket = opened(text, **fields)
    for message in ticket.feedback.messages.all():
        vector = encode_gist([message.text])[0].tolist()
        MessageVector.objects.create(message=message, vector=vector, encoder=ENCODER)
    return ticket


def likes_of(ticket: Ticket, user) -> list[Ticket]:
    matter = matter_of(ticket)
    assert matter is not None
    return [one.ticket for one in similar_tickets(ticket, matter, user)]


class TestSimilarTickets:
    def test_finds_the_same_matter_in_another_language(self, ana) -> None:
        ticket = read("Videos cannot be uploaded", by="a@example.org")
        same = read("视频无法上传", by="b@example.org")
        read("Please add a dark theme", by="c@example.org")
        assert likes_of(ticket, ana) == [same]

    def test_calls_only_the_very_same_a_duplicate(self, ana) -> None:
        ticket = read("I was charged twice for order 20261123", by="a@example.org")
        read("I was charged twice for order 20261123!", by="b@example.org")
        read("I was charged twice for order 88412907", by="c@example.org")
        found = similar_tickets(ticket, matter_of(ticket), ana)
        assert [one.is_same for one in found] == [True, False]

    def test_shows_no_ticket_that_the_agent_may_not_read(self, ana) -> None:
        ticket = read("The video upload is stuck", by="a@example.org")
        agent("cyd", team="other", queue="other")
        read("The video upload is stuck", by="b@example.org", queue="other")
        read("The video upload is stuck", by="c@example.org", flags=["sensitive"])
        assert likes_of(ticket, ana) == []

    def test_shows_each_ticket_once(self, ana) -> None:
        ticket = read("The video upload is stuck", by="a@example.org")
        other = opened("My video upload is stuck", by="b@example.org")
        said("The video upload is still stuck", thread=other.feedback)
        for message in other.feedback.messages.all():
            vector = encode_gist([message.text])[0].tolist()
            MessageVector.objects.create(message=message, vector=vector, encoder=ENCODER)
        assert likes_of(ticket, ana) == [other]

    def test_costs_six_queries(self, ana, django_assert_max_num_queries) -> None:
        ticket = read("The video upload is stuck", by="a@example.org")
        for number in range(6):
            read("My video upload is stuck", by=f"{number}@example.org")
        matter = matter_of(ticket)
        # Two more are the savepoint of a test.
        with django_assert_max_num_queries(8):
            assert len(similar_tickets(ticket, matter, ana)) == 4


class TestPanelOf:
    def test_offers_articles_in_the_language_of_the_customer(self, ana) -> None:
        article("password", en="Reset your password", zh="如何重置密码")
        read_all()
        ticket = read("I forgot my password and cannot log in")
        set_preferences(ticket.feedback.customer, changes={"language": "zh-Hans"}, at=NOON)
        (suggested,) = panel_of(ticket, ana, at=NOON).articles
        assert suggested.answer.text.title == "如何重置密码"
        assert suggested.insert.endswith("/help/password?language=zh-hans\n")

    def test_says_what_was_sent_to_them_before(self, ana) -> None:
        article("password", en="Reset your password")
        read_all()
        ticket = read("I forgot my password and need to reset it")
        reply(ticket, text="See https://x.example/help/password", author=ana, at=NOON, language="en")
        (suggested,) = panel_of(ticket, ana, at=NOON).articles
        assert suggested.answer.was_read

    def test_offers_a_canned_reply_that_fits(self, ana) -> None:
        CannedReply.objects.update(is_active=False)
        for name, text in (("Password help", "You can reset your password in the settings, {customer}."),
                           ("Parcel lost", "We are looking for your parcel.")):  # fmt: skip
            made = CannedReply.objects.create(slug=name.split()[0].lower(), name=name)
            CannedReplyText.objects.create(reply=made, language="en", text=text)
        index_canned_replies(NOON)
        read_all()
        panel = panel_of(read("How can I reset my password?"), ana, at=NOON)
        assert [one.name for one in panel.canned] == ["Password help"]

    def test_says_who_said_me_too(self, ana) -> None:
        known = problem(en="Uploads stop")
        sender = Sender(rest_channel(), "anonymous")
        receipt = report(sender, known, Submission(""), language="en", at=NOON)
        ticket = opened("x")
        Ticket.objects.filter(pk=ticket.pk).update(feedback=receipt.feedback)
        ticket.refresh_from_db()
        assert panel_of(ticket, ana, at=NOON).reported == known


class TestPage:
    def at(self, ticket: Ticket) -> str:
        return f"/admin/desk/{ticket.public_id}/knowledge/"

    def test_shows_what_is_known(self, ana) -> None:
        problem(en="Uploads stop at 99 percent")
        read_all()
        ticket = read("The upload stops at 99 percent", by="a@example.org")
        other = read("The upload stops at 99 percent again", by="b@example.org")
        html = client_of(ana).get(self.at(ticket)).content.decode()
        assert other.number in html
        assert f"duplicate:{other.public_id}" in html
        assert "Uploads stop at 99 percent" in html
        assert "knownproblem/add" not in html
        assert "knownproblem/add" in client_of(lead()).get(self.at(ticket)).content.decode()

    def test_stands_without_an_analysis(self, ana) -> None:
        assert "Not analysed" in client_of(ana).get(self.at(opened("x"))).content.decode()

    def test_is_absent_for_those_of_other_queues(self, ana) -> None:
        client = client_of(agent("cyd", team="other", queue="other"))
        assert client.get(self.at(opened("x"))).status_code == 404

    def test_costs_the_same_however_much_is_known(self, ana, django_assert_max_num_queries) -> None:
        client, ticket = client_of(ana), read("The upload stops at 99 percent", by="a@example.org")
        problem(en="Uploads stop at 99 percent")
        article("upload", en="Uploads stop at 99 percent")
        read("The upload stops at 99 percent again", by="b@example.org")
        read_all()
        client.get(self.at(ticket))
        with django_assert_max_num_queries(28) as few:
            client.get(self.at(ticket))
        for number in range(4):
            problem(en=f"Uploads stop at 99 percent {number}")
            article(f"upload-{number}", en="Uploads stop at 99 percent")
            read("The upload stops at 99 percent again", by=f"c{number}@example.org")
        read_all()
        with django_assert_max_num_queries(len(few)):
            client.get(self.at(ticket))


class TestLinking:
    def test_is_an_action_of_the_ticket(self, ana) -> None:
        one, other = opened("a"), opened("b")
        act(one, Asked("link", f"duplicate:{other.public_id}"), actor=ana, at=NOON)
        assert TicketLink.objects.get(kind=LinkKind.DUPLICATE).target == other

    @pytest.mark.parametrize("value", ["", "duplicate", "duplicate:x", "other:{}", "duplicate:{}"])
    def test_refuses_what_is_not_there_or_not_theirs(self, ana, value: str) -> None:
        agent("cyd", team="other", queue="other")
        foreign = opened("b", queue="other")
        with pytest.raises(BadChoice):
            act(opened("a"), Asked("link", value.format(foreign.public_id)), actor=ana, at=NOON)
