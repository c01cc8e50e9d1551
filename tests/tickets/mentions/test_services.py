from __future__ import annotations

from functools import partial

import pytest

from config.kit.outbox.models import OutboxRow
from tests.people import NOON, agent, lead, opened
from tests.threads import together
from tickets.desk.access import CannotWorkOn
from tickets.desk.merging import merge, unmerge
from tickets.desk.models import EventKind, Ticket, TicketEvent
from tickets.mentions.models import Follower, Mention
from tickets.mentions.services import follow, followers_of, note_read, unfollow, write_note
from tickets.queues.models import Queue
from tickets.workbench.folders import folders_for

pytestmark = pytest.mark.django_db


def note(ticket: Ticket, text: str, by):
    return write_note(ticket, text=text, actor=by, at=NOON)


class TestWriteNote:
    def test_tells_whom_it_calls_and_lets_them_follow(self, ana) -> None:
        ticket, bo = opened("payment failed"), agent("bo")
        noted = note(ticket, "请@bo看一下", ana)
        assert (noted.told, noted.not_told) == ((bo,), ())
        assert noted.event.details == {"mentions": ["bo"]}
        assert list(followers_of(ticket)) == [bo]
        assert Mention.objects.unread_by(bo).get().event == noted.event

    def test_tells_nobody_of_what_they_may_not_read(self, ana) -> None:
        ticket = opened("payment failed")
        cyd = agent("cyd", team="other", queue="other")
        noted = note(ticket, "@cyd", ana)
        assert (noted.told, noted.not_told) == ((), (cyd,))
        assert not Mention.objects.exists()
        assert not Follower.objects.exists()

    def test_tells_each_once_and_never_its_author(self, ana) -> None:
        ticket = opened("payment failed")
        agent("bo")
        noted = note(ticket, "@bo @BO @ana", ana)
        assert [user.username for user in noted.told] == ["bo"]

    def test_tells_leads_who_read_everything(self, ana) -> None:
        dee = lead()
        assert note(opened("payment failed"), "@dee", ana).told == (dee,)

    def test_tells_nobody_when_the_note_is_refused(self, ana) -> None:
        ticket = opened("payment failed")
        with pytest.raises(CannotWorkOn):
            note(ticket, "@ana", lead())
        assert not Mention.objects.exists()

    def test_owes_a_mail_to_whoever_wants_one(self, ana) -> None:
        ticket = opened("payment failed")
        agent("bo")
        agent("eve", mails_mentions=False)
        note(ticket, "@bo @eve", ana)
        mailed = OutboxRow.objects.get(kind="mention.mail")
        assert Mention.objects.get(pk=mailed.subject_id).user.username == "bo"

    def test_mails_nothing_about_the_demo(self, ana) -> None:
        ticket = opened("payment failed", origin="demo")
        agent("bo")
        assert note(ticket, "@bo", ana).told
        assert not OutboxRow.objects.filter(kind="mention.mail").exists()

    def test_asks_nobody_for_a_note_that_calls_nobody(self, ana, django_assert_num_queries) -> None:
        ticket = opened("payment failed")
        with django_assert_num_queries(11):
            note(ticket, "looks like fraud", ana)


class TestUnread:
    def test_ends_when_it_is_seen(self, ana) -> None:
        ticket, bo = opened("payment failed"), agent("bo")
        note(ticket, "@bo", ana)
        note_read(ticket, user=ana, at=NOON)
        assert Mention.objects.unread_by(bo).count() == 1
        note_read(ticket, user=bo, at=NOON)
        assert not Mention.objects.unread_by(bo).exists()

    def test_counts_nothing_that_left_ones_sight(self, ana) -> None:
        ticket, bo = opened("payment failed"), agent("bo")
        note(ticket, "@bo", ana)
        Ticket.objects.update(queue=Queue.objects.create(slug="far", name="far"))
        assert not Mention.objects.unread_by(bo).exists()
        ticket.refresh_from_db()
        assert not followers_of(ticket).exists()


class TestFollow:
    def test_is_once_and_ends(self, ana) -> None:
        ticket = opened("payment failed")
        assert follow(ticket, user=ana, at=NOON)
        assert not follow(ticket, user=ana, at=NOON)
        assert unfollow(ticket, user=ana)
        assert not unfollow(ticket, user=ana)
        assert not followers_of(ticket).exists()


class TestFollowingWhatWasMerged:
    def test_goes_on_where_the_ticket_goes_on(self, ana) -> None:
        gone, kept, bo = opened("payment failed"), opened("where is it?"), agent("bo")
        follow(gone, user=bo, at=NOON)
        merge(gone, into=kept, actor=ana, at=NOON)
        assert list(followers_of(kept)) == [bo]
        following = next(folder for folder in folders_for(bo, at=NOON) if folder.key == "following")
        assert list(following.tickets) == [kept]

    def test_goes_back_when_they_are_parted(self, ana) -> None:
        gone, kept, bo = opened("payment failed"), opened("where is it?"), agent("bo")
        follow(gone, user=bo, at=NOON)
        merge(gone, into=kept, actor=ana, at=NOON)
        unmerge(Ticket.objects.get(pk=gone.pk), actor=ana, at=NOON)
        assert (list(followers_of(gone)), list(followers_of(kept))) == ([bo], [])

    def test_ends_with_one_wish(self, ana) -> None:
        gone, kept, bo = opened("payment failed"), opened("where is it?"), agent("bo")
        follow(gone, user=bo, at=NOON)
        follow(kept, user=bo, at=NOON)
        merge(gone, into=kept, actor=ana, at=NOON)
        assert unfollow(kept, user=bo)
        assert not Follower.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_notes_that_call_the_same_make_one_follower(self) -> None:
        ana, ticket = agent("ana"), opened("payment failed")
        agent("bo")
        together(*(partial(write_note, ticket, text="@bo", actor=ana, at=NOON) for _ in range(3)))
        assert Follower.objects.count() == 1
        assert Mention.objects.count() == TicketEvent.objects.filter(kind=EventKind.NOTED).count() == 3
