"""SMTP with a total time limit: a mail server that trickles a byte every few seconds cannot block us."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import threading
import time
from typing import Any

from django.core.mail.backends.smtp import EmailBackend as DjangosBackend


class Hurried(smtplib.SMTP):
    """A client whose whole session ends ``timeout`` seconds after creation, however many slow replies it has."""

    def __init__(
        self, host: str = "", port: int = 0, local_hostname: str | None = None, *, timeout: float, **more: Any
    ) -> None:
        self.deadline = time.monotonic() + timeout
        # Socket timeouts apply to each read; only cutting the connection bounds a reply that trickles.
        self._watch = threading.Timer(timeout, self._cut)
        self._watch.daemon = True
        self._watch.start()
        super().__init__(host, port, local_hostname, timeout=timeout, **more)

    def getreply(self) -> tuple[int, bytes]:
        self._hurry()
        return super().getreply()

    def send(self, s: object) -> None:
        self._hurry()
        super().send(s)  # type: ignore[arg-type]

    def close(self) -> None:
        self._watch.cancel()
        super().close()

    def _hurry(self) -> None:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the server took too long")
        if self.sock is not None:
            self.sock.settimeout(left)

    def _cut(self) -> None:
        with contextlib.suppress(AttributeError, OSError):
            # Not SSLSocket.shutdown(): it drops the TLS state that another thread is still reading with.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)  # type: ignore[arg-type]


class HurriedTLS(Hurried, smtplib.SMTP_SSL):
    pass


class EmailBackend(DjangosBackend):
    """Django's SMTP backend, limited to settings.EMAIL_TIMEOUT from connecting to the last reply."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return HurriedTLS if self.use_ssl else Hurried
