"""One IMAP session on one folder. Reading does not mark mail as seen; marking is explicit."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from collections.abc import Iterator
from datetime import date

from feedback.channels.email.mailbox import Mailbox, Server
from feedback.channels.email.parsed import MOST_BYTES

SECONDS = 20
#: Errors of servers and networks; the next poll tries again.
#: ValueError: the server answered with something other than the expected numbers or letters.
ImapTrouble = (imaplib.IMAP4.error, OSError, ssl.SSLError, EOFError, ValueError)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class NotHandedOver(Exception):
    """The server lists a mail but does not return it."""


class Folder:
    """The selected folder. Every method raises one of ImapTrouble when the connection breaks."""

    def __init__(self, connection: imaplib.IMAP4, validity: int) -> None:
        self._connection = connection
        #: UIDVALIDITY: under another validity the same UIDs mean other mails.
        self.validity = validity

    def numbers_above(self, last: int) -> list[int]:
        """Return the UIDs above ``last``, in ascending order."""
        # "n:*" names the newest mail even when its number is below n.
        return [number for number in self._search(f"UID {last + 1}:*") if number > last]

    def numbers_unseen(self) -> list[int]:
        return self._search("UNSEEN")

    def numbers_since(self, day: date) -> list[int]:
        """Return the UIDs of mails that arrived on ``day`` (the server's date) or later."""
        return self._search(f"SINCE {day.day}-{_MONTHS[day.month - 1]}-{day.year}")

    def highest_number(self) -> int:
        """Return the highest UID in the folder, 0 when it is empty."""
        return max(self._search("UID *"), default=0)

    def fetch(self, number: int) -> bytes:
        """Return the raw mail, truncated just beyond what the parser reads. Raises NotHandedOver."""
        status, answer = self._connection.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)")
        literals = [part[1] for part in answer if isinstance(part, tuple) and len(part) > 1]
        if status != "OK" or not literals:
            raise NotHandedOver(number)
        content: bytes = literals[0]
        return content

    def mark_seen(self, number: int) -> None:
        self._connection.uid("STORE", str(number), "+FLAGS.SILENT", r"(\Seen)")

    def _search(self, criteria: str) -> list[int]:
        status, answer = self._connection.uid("SEARCH", criteria)
        if status != "OK":
            raise imaplib.IMAP4.error(f"SEARCH {status}")
        return sorted(int(number) for line in answer if line for number in line.split())


@contextlib.contextmanager
def opened(mailbox: Mailbox) -> Iterator[Folder]:
    """Log in and select the mailbox's folder for the duration of a ``with`` block."""
    server = mailbox.imap
    if server is None:
        raise ValueError("this mailbox has no IMAP server")
    connection = _connected(server)
    try:
        connection.login(server.user, server.password)
        status, answer = connection.select(_quoted(mailbox.folder))
        if status != "OK":
            raise imaplib.IMAP4.error(f"SELECT {status} {answer!r:.80}")
        _name, validity = connection.response("UIDVALIDITY")
        yield Folder(connection, int(validity[0]) if validity and validity[0] else 0)
    finally:
        with contextlib.suppress(*ImapTrouble):
            connection.logout()


def _connected(server: Server) -> imaplib.IMAP4:
    context = ssl.create_default_context()
    if server.security == "ssl":
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=context, timeout=SECONDS)
    connection = imaplib.IMAP4(server.host, server.port, timeout=SECONDS)
    if server.security == "starttls":
        connection.starttls(context)
    return connection


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
