from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.urls import reverse

from config.kit.outbox.lanes import Lane
from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import run_one
from feedback.channels.contract import SendResult, SendState
from tests.months import CRASH, PRAISE, say_all, summarised
from tests.people import agent, lead
from tests.threads import together
from tickets.replies import house_mail
from tickets.replies.models import DeliveryState
from tickets.subscriptions.composing import compose
from tickets.subscriptions.models import Subscription, SummaryMail
from tickets.subscriptions.services import (
    NoAddress,
    owe_mails,
    subscribe,
    unsubscribe,
    unsubscribe_link,
)
from tickets.summaries.models import Kind, Summary
from tickets.summaries.periods import month_of
from tickets.summaries.services import publish, summarise
from users.accounts.models import User

pytestmark = pytest.mark.django_db

NOVEMBER = datetime(2026, 11, 3, tzinfo=UTC)
FIRST = datetime(2026, 12, 1, tzinfo=UTC)


def dee() -> User:
    user = lead()
    user.email = "dee@earshot.example"
    user.save()
    return user


def november(**fields) -> Summary:
    say_all(CRASH, at=NOVEMBER, who="a")
    return summarise(
        month_of(date(2026, 11, 1), "UTC"), at=FIRST, actor=None, origins=fields.pop("origins", ["live"])
    )


class Wire:
    """Stands where the SMTP server is, and answers as told."""

    def __init__(self, monkeypatch, state=SendState.SENT):
        self.mails: list = []
        self.state = state
        monkeypatch.setattr(house_mail, "default_server", object)
        monkeypatch.setattr(house_mail, "hand_over", self.take)

    def take(self, server, envelope):
        self.mails.append(envelope)
        return SendResult(self.state, detail="450 later")


def work(at: datetime = FIRST) -> None:
    OutboxRow.objects.exclude(kind="summary.mail").delete()
    OutboxRow.objects.update(due_at=NOVEMBER)
    while run_one(Lane.DEFAULT, at=at, by="test"):
        pass


class TestOweMails:
    def test_sends_leads_the_draft_and_others_what_is_published(self):
        ana = agent("ana")
        for user in (dee(), ana):
            subscribe(user, kind=Kind.MONTH, language="en", at=NOVEMBER)
        summary = november()
        assert [mail.subscription.user.username for mail in owe_mails(FIRST)] == ["dee"]
        publish(summary, actor=None, at=FIRST)
        assert [mail.subscription.user.username for mail in owe_mails(FIRST)] == ["ana"]
        assert owe_mails(FIRST) == []

    def test_is_once_however_often_the_period_is_counted(self):
        subscribe(dee(), kind=Kind.MONTH, language="en", at=NOVEMBER)
        publish(november(), actor=None, at=FIRST)
        assert len(owe_mails(FIRST)) == 1
        publish(
            summarised(),
            actor=None,
            at=FIRST,
        )
        assert owe_mails(FIRST) == []

    @pytest.mark.parametrize("reason", ["unsubscribed", "weekly", "left", "old", "partial"])
    def test_leaves_out_who_does_not_want_it_and_what_is_no_news(self, reason):
        user = dee()
        one = subscribe(
            user, kind=Kind.WEEK if reason == "weekly" else Kind.MONTH, language="en", at=NOVEMBER
        )
        if reason == "unsubscribed":
            unsubscribe(one, at=NOVEMBER)
        if reason == "left":
            User.objects.filter(pk=user.pk).update(is_active=False)
        november()
        if reason == "partial":
            Summary.objects.update(covered=0.5)
        assert owe_mails(FIRST + timedelta(days=20 if reason == "old" else 0)) == []

    def test_needs_an_address(self):
        with pytest.raises(NoAddress):
            subscribe(lead(), kind=Kind.MONTH, language="en", at=NOVEMBER)


class TestSendSummary:
    @pytest.mark.parametrize(("language", "words"), [("en", "The whole summary"), ("zh-hans", "闪退")])
    def test_tells_what_hurts_in_the_subscribers_language(self, monkeypatch, settings, language, words):
        settings.PUBLIC_BASE_URL = "https://feedback.example"
        subscription = subscribe(dee(), kind=Kind.MONTH, language=language, at=NOVEMBER)
        summary = november()
        owe_mails(FIRST)
        wire = Wire(monkeypatch)
        work()
        mail = message_from_bytes(wire.mails[0].content, policy=policy.default)
        text = mail.get_body(("plain",)).get_content()
        html = mail.get_body(("html",)).get_content()
        assert words in text
        link = f"https://feedback.example/admin/summaries/{summary.public_id}/"
        assert link in text
        assert link in html
        assert mail["List-Unsubscribe"].strip() == f"<{unsubscribe_link(subscription)}>"
        assert SummaryMail.objects.get().state == DeliveryState.SENT
        work()
        assert len(wire.mails) == 1

    def test_tries_again_later_what_the_server_did_not_take(self, monkeypatch):
        subscribe(dee(), kind=Kind.MONTH, language="en", at=NOVEMBER)
        november()
        owe_mails(FIRST)
        wire = Wire(monkeypatch, SendState.TRY_LATER)
        OutboxRow.objects.exclude(kind="summary.mail").delete()
        OutboxRow.objects.update(due_at=NOVEMBER)
        run_one(Lane.DEFAULT, at=FIRST, by="test")
        assert (SummaryMail.objects.get().state, SummaryMail.objects.get().tries) == ("pending", 1)
        wire.state = SendState.SENT
        work()
        assert SummaryMail.objects.get().state == DeliveryState.SENT

    def test_gives_up_what_was_being_sent_when_its_worker_died(self, monkeypatch):
        subscribe(dee(), kind=Kind.MONTH, language="en", at=NOVEMBER)
        november()
        owe_mails(FIRST)
        SummaryMail.objects.update(state=DeliveryState.SENDING)
        wire = Wire(monkeypatch)
        work()
        assert wire.mails == []
        assert SummaryMail.objects.get().state == DeliveryState.FAILED

    @pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
    def test_writes_to_nobody_who_left_meanwhile(self, monkeypatch, change):
        user = dee()
        subscribe(user, kind=Kind.MONTH, language="en", at=NOVEMBER)
        november()
        owe_mails(FIRST)
        User.objects.filter(pk=user.pk).update(**change)
        wire = Wire(monkeypatch)
        work()
        assert wire.mails == []
        assert SummaryMail.objects.get().state == DeliveryState.HELD

    def test_is_held_where_no_mail_server_is_set(self):
        subscribe(dee(), kind=Kind.MONTH, language="en", at=NOVEMBER)
        november()
        owe_mails(FIRST)
        work()
        assert SummaryMail.objects.get().state == DeliveryState.HELD


class TestCompose:
    def test_has_a_subject_of_one_line_whatever_a_theme_is_called(self):
        summary = november()
        summary.pain_points.update(name_en="Crash\nBcc: all@example.org")
        mail = compose(
            summary, subscribe(dee(), kind=Kind.MONTH, language="en", at=FIRST), message_id="1", at=FIRST
        )
        assert mail.message()["Subject"] == "Pain points 2026-11: Crash Bcc: all@example.org"


@pytest.mark.django_db(transaction=True)
class TestRace:
    def test_two_beats_at_once_owe_one_mail(self):
        subscribe(dee(), kind=Kind.MONTH, language="en", at=NOVEMBER)
        november()
        together(*[lambda: owe_mails(FIRST)] * 2)
        assert SummaryMail.objects.count() == 1
        assert OutboxRow.objects.filter(kind="summary.mail").count() == 1


class TestPages:
    def test_subscribe_and_end_it(self, client):
        client.force_login(dee())
        client.post(reverse("summary-mail"), {"kind": "month", "language": "zh-hans"})
        assert Subscription.objects.get().language == "zh-hans"
        assert "dee@earshot.example" in client.get(reverse("summary-mail")).content.decode()
        client.post(reverse("summary-mail"), {"kind": "month", "do": "end"})
        assert not Subscription.objects.get().is_active
        assert client.post(reverse("summary-mail"), {"kind": "year"}).status_code == 404

    def test_preview_is_the_mail_itself(self, client):
        client.force_login(dee())
        say_all(PRAISE, at=NOVEMBER, who="p")
        summary = november()
        page = client.get(reverse("summary-mail-preview", args=[summary.public_id]))
        assert "Open the summary" in page.content.decode()
        assert "sandbox" in page["Content-Security-Policy"]

    def test_the_link_in_a_preview_ends_ones_own_or_leads_to_where_one_subscribes(self, client, settings):
        user = dee()
        client.force_login(user)
        say_all(PRAISE, at=NOVEMBER, who="p")
        preview = reverse("summary-mail-preview", args=[november().public_id])
        assert (
            f'href="{settings.PUBLIC_BASE_URL}{reverse("summary-mail")}"'
            in client.get(preview).content.decode()
        )
        one = subscribe(user, kind=Kind.MONTH, language="zh-hans", at=NOVEMBER)
        page = client.get(preview).content.decode()
        assert unsubscribe_link(one) in page
        assert "打开汇总" in page

    def test_the_link_ends_it_by_a_press_and_by_mail_programs_alone(self, client):
        one = subscribe(dee(), kind=Kind.MONTH, language="en", at=NOVEMBER)
        path = unsubscribe_link(one).partition("/unsubscribe/")[2]
        where = reverse("unsubscribe", args=[path])
        assert client.get(where).status_code == 200
        assert Subscription.objects.get().is_active
        client.post(where, {"List-Unsubscribe": "One-Click"})
        assert not Subscription.objects.get().is_active
        assert client.get(reverse("unsubscribe", args=["x.y"])).status_code == 404

    def test_are_for_staff(self, client):
        assert client.get(reverse("summary-mail")).status_code == 302
