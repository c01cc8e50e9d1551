"""Reading a mailbox of a real server: Debian's dovecot."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from config.kit.outbox.models import OutboxRow
from config.kit.outbox.services import database_now
from feedback.channels.email import arriving, imap, polling
from feedback.channels.email.imap import NotHandedOver
from feedback.channels.email.models import MailboxState
from feedback.channels.email.polling import due_mailboxes, poll
from feedback.intake.models import Message, RawMessage
from tests.mail_servers import dovecot
from tests.people import NOON

pytestmark = [
    pytest.mark.debian,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not dovecot.is_installed(), reason="MAIL INTAKE NOT TESTED: apt-get install dovecot-imapd"
    ),
]


@pytest.fixture(scope="module")
def server():
    with dovecot.running() as running:
        yield running


@pytest.fixture
def box(server, mailbox, monkeypatch):
    """The server with an empty mailbox, and the channel that reads it."""
    monkeypatch.setenv("DOVECOT", dovecot.PASSWORD)
    server.empty()
    mailbox.config["imap"] = server.config
    mailbox.save()
    return server


def mail(number, text="It crashes."):
    return (
        f"From: kim@example.org\r\nTo: support@earshot.example\r\nSubject: x\r\n"
        f"Message-ID: <m{number}@example.org>\r\n\r\n{text} {number}\r\n"
    ).encode()


def state_of(mailbox):
    return MailboxState.objects.get(channel=mailbox)


class TestPoll:
    def test_makes_a_message_of_each_mail_and_marks_it(self, box, mailbox):
        box.put(mail(1), mail(2))
        polled = poll(mailbox, at=NOON)
        assert (polled.stored, polled.known, polled.error) == (2, 0, "")
        assert sorted(Message.objects.values_list("text", flat=True)) == ["It crashes. 1", "It crashes. 2"]
        assert box.seen() == [True, True]
        assert state_of(mailbox).received_count == 2

    def test_again_finds_only_what_is_new(self, box, mailbox):
        box.put(mail(1))
        poll(mailbox, at=NOON)
        box.put(mail(2))
        assert poll(mailbox, at=NOON).stored == 1
        assert Message.objects.count() == 2

    def test_reads_what_somebody_else_opened_before(self, box, mailbox):
        poll(mailbox, at=NOON)
        box.put(mail(1), flags=r"(\Seen)")
        assert poll(mailbox, at=NOON).stored == 1

    def test_leaves_alone_what_was_read_before_our_time(self, box, mailbox):
        box.put(mail(1), mail(3), flags=r"(\Seen)")
        box.put(mail(2))
        box.put(mail(4), flags=r"(\Seen)")
        assert poll(mailbox, at=NOON).stored == 1
        assert poll(mailbox, at=NOON).stored == 0

    def test_recognises_everything_when_the_numbering_changed(self, box, mailbox):
        box.put(mail(1), mail(2))
        poll(mailbox, at=database_now())
        before = state_of(mailbox).uid_validity
        box.renumber()
        box.put(mail(3))
        polled = poll(mailbox, at=database_now())
        assert state_of(mailbox).uid_validity != before
        assert (polled.stored, polled.known) == (1, 2)
        assert Message.objects.count() == 3

    def test_does_not_bring_back_what_was_erased(self, box, mailbox):
        box.put(mail(1))
        poll(mailbox, at=NOON)
        Message.objects.all().delete()
        RawMessage.objects.update(content=b"")
        MailboxState.objects.all().delete()
        with box.session() as session:
            session.uid("STORE", "1:*", "-FLAGS", r"(\Seen)")
        assert poll(mailbox, at=NOON).known == 1
        assert not Message.objects.exists()

    def test_marks_nothing_before_it_is_stored(self, box, mailbox, monkeypatch):
        def full_disk(*_args, **_named):
            raise OSError("no space left")

        box.put(mail(1))
        with monkeypatch.context() as patched:
            patched.setattr(polling, "store", full_disk)
            assert "OSError" in poll(mailbox, at=NOON).error
        assert box.seen() == [False]
        assert poll(mailbox, at=NOON).stored == 1

    def test_goes_on_after_a_mail_that_nobody_understands(self, box, mailbox, monkeypatch):
        box.put(mail(1), mail(2, "poison"), mail(3))

        def understand(raw):
            if b"poison" in bytes(raw.content):
                raise RuntimeError
            return understood(raw)

        understood = arriving.understand
        monkeypatch.setattr(arriving, "understand", understand)
        assert poll(mailbox, at=NOON).stored == 3
        assert Message.objects.count() == 2
        left = OutboxRow.objects.get(kind="mail.stored", done_at=None)
        assert left.attempts == 1
        assert left.last_error == "RuntimeError"

    def test_goes_on_after_a_mail_that_the_server_keeps_back(self, box, mailbox, monkeypatch):
        box.put(mail(1), mail(2), mail(3))
        fetch = imap.Folder.fetch
        kept_back = []

        def fetch_some(folder, number):
            if not kept_back or number in kept_back:
                kept_back[:] = [number]
                raise NotHandedOver(number)
            return fetch(folder, number)

        monkeypatch.setattr(imap.Folder, "fetch", fetch_some)
        assert poll(mailbox, at=NOON).stored == 2
        monkeypatch.setattr(imap.Folder, "fetch", fetch)
        assert poll(mailbox, at=NOON).stored == 1
        assert state_of(mailbox).troubled_uids == {}

    def test_reads_a_mail_with_an_attachment_of_megabytes(self, box, mailbox):
        file = b"Content-Disposition: attachment; filename=a.txt\r\n\r\n" + b"x" * 3_000_000
        head = mail(1).replace(b"Subject", b"Content-Type: multipart/mixed; boundary=b\r\nSubject")
        box.put(head + b"--b\r\n\r\nsee file\r\n--b\r\n" + file + b"\r\n--b--")
        poll(mailbox, at=NOON)
        assert Message.objects.get().attachments.get().size_bytes == 3_000_000

    def test_leaves_a_mailbox_that_another_process_reads(self, box, mailbox):
        MailboxState.objects.create(channel=mailbox, lease_until=database_now() + timedelta(minutes=1))
        assert poll(mailbox, at=NOON) is None


class TestFailure:
    def test_is_remembered_and_waits_longer_each_time(self, box, mailbox):
        mailbox.config["imap"] = dict(box.config, port=dovecot.free_port())
        waits = []
        for _time in range(3):
            assert "ConnectionRefused" in poll(mailbox, at=NOON).error
            waits.append((state_of(mailbox).next_poll_at - NOON).total_seconds())
        assert waits == [15, 30, 60]
        assert state_of(mailbox).failing_since == NOON
        assert state_of(mailbox).failures == 3

    def test_ends_with_the_next_success(self, box, mailbox):
        mailbox.config["imap"] = dict(box.config, port=dovecot.free_port())
        poll(mailbox, at=NOON)
        mailbox.config["imap"] = box.config
        poll(mailbox, at=NOON)
        state = state_of(mailbox)
        assert (state.failures, state.failing_since, state.last_error) == (0, None, "")
        assert state.succeeded_at == NOON

    def test_of_the_password_is_said(self, box, mailbox, monkeypatch):
        monkeypatch.setenv("DOVECOT", "wrong")
        assert "AUTHENTICATIONFAILED" in poll(mailbox, at=NOON).error

    def test_of_the_settings_is_said(self, box, mailbox, monkeypatch):
        monkeypatch.delenv("DOVECOT")
        assert "DOVECOT is not set" in poll(mailbox, at=NOON).error


class TestDueMailboxes:
    def test_lists_who_was_never_read_and_whose_time_has_come(self, box, mailbox):
        assert due_mailboxes(NOON) == [mailbox]
        poll(mailbox, at=NOON)
        assert due_mailboxes(NOON + timedelta(seconds=14)) == []
        assert due_mailboxes(NOON + timedelta(seconds=15)) == [mailbox]

    def test_leaves_out_who_is_switched_off_or_read_by_another(self, box, mailbox):
        MailboxState.objects.create(channel=mailbox, lease_until=database_now() + timedelta(minutes=1))
        assert due_mailboxes(NOON) == []
        MailboxState.objects.update(lease_until=None)
        mailbox.is_active = False
        mailbox.save()
        assert due_mailboxes(NOON) == []


class TestMailPollCommand:
    def test_says_what_it_found(self, box, mailbox, capsys):
        box.put(mail(1))
        call_command("mail_poll")
        assert "support: 1 stored, 0 known, 0 not handed over" in capsys.readouterr().out

    def test_fails_when_a_mailbox_cannot_be_read(self, box, mailbox, monkeypatch):
        monkeypatch.setenv("DOVECOT", "wrong")
        with pytest.raises(CommandError, match="support"):
            call_command("mail_poll")

    def test_refuses_a_name_it_does_not_know(self, box):
        with pytest.raises(CommandError, match="nobody"):
            call_command("mail_poll", "nobody")
