"""Debian's dovecot on a high port of 127.0.0.1, with one mailbox, as an ordinary user."""

from __future__ import annotations

import contextlib
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

USER, PASSWORD = "support@earshot.example", "secret-of-the-tests"

CONFIGURATION = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{home}/mail/%u
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    port: int
    home: Path
    process: subprocess.Popen[bytes]

    @property
    def config(self) -> dict[str, object]:
        """The ``imap`` setting of a mail channel that reads this mailbox."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "security": "none",
            "user": USER,
            "password": "DOVECOT",
        }

    @contextlib.contextmanager
    def session(self) -> Iterator[imaplib.IMAP4]:
        connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        connection.login(USER, PASSWORD)
        connection.select("INBOX")
        yield connection
        connection.logout()

    def put(self, *mails: bytes, flags: str = "") -> None:
        """Let ``mails`` arrive in the mailbox."""
        with self.session() as session:
            for mail in mails:
                status, _answer = session.append("INBOX", flags, None, mail)
                assert status == "OK"

    def empty(self) -> None:
        """Take every mail out of the mailbox."""
        with self.session() as session:
            session.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            session.expunge()

    def seen(self) -> list[bool]:
        """Return for each mail, oldest first, whether it is marked as seen."""
        with self.session() as session:
            _status, answer = session.uid("FETCH", "1:*", "(FLAGS)")
            return [b"\\Seen" in line for line in answer if isinstance(line, bytes)]

    def renumber(self) -> None:
        """Give the mailbox another UIDVALIDITY, as a restore from a backup does."""
        for path in (self.home / "mail" / USER).glob("dovecot*"):
            path.unlink()
        time.sleep(1.1)  # the new UIDVALIDITY is the time in seconds

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def is_installed() -> bool:
    return shutil.which("dovecot", path="/usr/sbin:/usr/bin:/sbin:/bin") is not None


@contextlib.contextmanager
def running() -> Iterator[Dovecot]:
    """Run dovecot for the time of a ``with`` block. Paths of its sockets must be short: not in pytest's tmp."""
    with tempfile.TemporaryDirectory(prefix="dv-", dir="/tmp", ignore_cleanup_errors=True) as name:
        home = Path(name)
        home.chmod(0o755)
        owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        for part in ("run", "state", "mail", "home"):
            (home / part).mkdir()
            os.chown(home / part, owner.pw_uid, owner.pw_gid)
        group = subprocess.run(["id", "-gn", owner.pw_name], capture_output=True, text=True, check=True)
        port = free_port()
        (home / "dovecot.conf").write_text(
            CONFIGURATION.format(
                home=home,
                port=port,
                password=PASSWORD,
                user=owner.pw_name,
                group=group.stdout.strip(),
                uid=owner.pw_uid,
                gid=owner.pw_gid,
            )
        )
        process = subprocess.Popen(
            ["/usr/sbin/dovecot", "-F", "-c", str(home / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
        )
        server = Dovecot(port, home, process)
        try:
            wait_for(port, server)
            yield server
        finally:
            server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, server: Dovecot) -> None:
    for _try in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert server.process.poll() is None, (server.home / "log").read_text()
        time.sleep(0.05)
    raise AssertionError((server.home / "log").read_text())
