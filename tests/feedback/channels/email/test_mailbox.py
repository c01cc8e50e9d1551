import pytest

from feedback.channels.email.kind import EMAIL
from feedback.channels.email.mailbox import BadSettings, read_mailbox

GOOD = {
    "address": "support@example.org",
    "name": "客服",
    "imap": {"host": "imap.example.org", "user": "support", "password": "SECRET"},
    "smtp": {"host": "127.0.0.1", "port": 2525, "security": "none"},
}


class TestReadMailbox:
    def test_fills_in_the_usual(self):
        mailbox = read_mailbox(GOOD, {"SECRET": "x"})
        assert mailbox.imap is not None
        assert (mailbox.imap.port, mailbox.imap.security, mailbox.imap.password) == (993, "ssl", "x")
        assert (mailbox.folder, mailbox.poll_seconds, mailbox.is_plus_addressed) == ("INBOX", 15, True)

    def test_never_shows_the_secret(self):
        assert "x-y-z" not in repr(read_mailbox(GOOD, {"SECRET": "x-y-z"}))

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"address": "nobody"}, "address"),
            ({"address": "a@b, c@d"}, "address"),
            ({"folder": "收件箱"}, "folder"),
            ({"poll_seconds": 0}, "poll_seconds"),
            ({"typo": 1}, "typo"),
            ({"imap": "imap.example.org"}, "imap"),
            ({"imap": {"user": "x", "password": "SECRET"}}, "imap.host"),
            ({"imap": {"host": "h", "user": "x", "password": "UNSET"}}, "UNSET"),
            ({"imap": {"host": "h", "user": "x", "password": "UMLAUT"}}, "ASCII"),
            ({"smtp": {"host": "h", "user": "客服", "password": "SECRET"}}, "ASCII"),
            ({"imap": {"host": "h", "security": "maybe"}}, "imap.security"),
            ({"imap": {"host": "h", "security": "none"}}, "in clear"),
            ({"imap": {"host": "h", "port": 70000}}, "imap.port"),
            ({"imap": {"host": "h", "passwd": "x"}}, "imap.passwd"),
        ],
    )
    def test_says_what_is_wrong(self, change, said):
        with pytest.raises(BadSettings, match=said):
            read_mailbox(GOOD | change, {"SECRET": "x", "UMLAUT": "geheimnißvoll"})


class TestCheckConfig:
    def test_returns_sentences(self, monkeypatch):
        monkeypatch.setenv("SECRET", "x")
        assert EMAIL.check_config(GOOD) == []
        assert len(EMAIL.check_config({"address": "x", "poll_seconds": "y"})) == 2
