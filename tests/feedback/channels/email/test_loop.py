import threading
import time

import pytest
from django.db import connections

from feedback.channels.email import loop
from feedback.channels.email.loop import read_mail_until

pytestmark = pytest.mark.django_db(transaction=True)


def run(stop):
    """Run the loop as ``manage.py loop`` does."""
    try:
        read_mail_until(stop)
    finally:
        connections.close_all()


class TestReadMailUntil:
    def test_reads_each_mailbox_once_at_a_time_and_goes_on_after_trouble(self, mailbox, monkeypatch):
        began, free = threading.Event(), threading.Event()
        calls = []

        def poll(channel, *, at, should_stop):
            calls.append(channel)
            if len(calls) == 1:
                raise RuntimeError
            began.set()
            free.wait(5)

        monkeypatch.setattr(loop, "TICK_SECONDS", 0.01)
        monkeypatch.setattr(loop, "poll", poll)
        monkeypatch.setattr(loop, "due_mailboxes", lambda at: [mailbox])
        stop = threading.Event()
        thread = threading.Thread(target=run, args=(stop,))
        thread.start()
        assert began.wait(5)
        time.sleep(0.1)
        assert len(calls) == 2
        free.set()
        stop.set()
        thread.join(5)
        assert not thread.is_alive()
