"""An SMTP server in a thread that keeps what it was given, and refuses when told to."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller

from tests.mail_servers.dovecot import free_port


@dataclass
class Taken:
    """One mail the server took: its envelope, and its content as received."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def mail(self) -> EmailMessage:
        return cast("EmailMessage", message_from_bytes(self.content, policy=default))


@dataclass
class PostOffice:
    """``answers``: what to say to RCPT and DATA in turn, e.g. ``("RCPT", "550 5.1.1 unknown")``."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    seconds_per_answer: float = 0.0

    @property
    def config(self) -> dict[str, object]:
        """The ``smtp`` setting of a mail channel that sends over this server."""
        return {"host": "127.0.0.1", "port": self.port, "security": "none"}

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        await asyncio.sleep(self.seconds_per_answer)
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        await asyncio.sleep(self.seconds_per_answer)
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.seconds_per_answer)
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return answer


@contextlib.contextmanager
def open_post_office() -> Iterator[PostOffice]:
    """Serve SMTP on a free port of 127.0.0.1 for the time of a ``with`` block."""
    office = PostOffice(port=free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


@contextlib.contextmanager
def trickling(*, letter: bytes = b"-", pause_seconds: float = 0.02) -> Iterator[int]:
    """Yield the port of a server that greets for ever, a letter at a time, each long before any time-out."""
    is_over = threading.Event()

    def greet(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            line, _address = listener.accept()
            with line:
                line.sendall(b"220")
                while not is_over.wait(pause_seconds):
                    line.sendall(letter)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=greet, args=(listener,), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            is_over.set()
            thread.join(5)
