"""A real asynchronous server on the test's own database, and a reader of its event streams."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection
from django.test import Client

from config.env import ROOT

SECONDS_TO_START = 120
SECONDS_TO_STOP = 20


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        """Ask it to end as a supervisor does and return its exit code. Raises TimeoutExpired when it hangs."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS_TO_STOP)


@contextmanager
def asgi_server(**environment: str) -> Iterator[Server]:
    """Run granian as production's ``live`` does, on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-ws", "--workers-kill-timeout", "3", "config.asgi:application"]
    address = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}"))
    if not address.netloc:
        # urlunsplit forgets an empty host, and with it the slashes.
        database = database.replace(f"{address.scheme}:/", f"{address.scheme}:///", 1)
    ours = {
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings_testing",
        "ALLOWED_HOSTS": "127.0.0.1",
        "LIVE_HEARTBEAT_SECONDS": "0.5",
    }
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **ours, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(port, process)
    try:
        _wait_for(server)
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        assert server.process.poll() is None, "the server ended while it started"
        try:
            asked = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
            asked.request("GET", "/healthz")
            assert asked.getresponse().status == 200
            return
        except OSError:
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        finally:
            asked.close()


@dataclass(frozen=True)
class Told:
    name: str
    data: dict[str, Any]
    id: str = ""


class Listener:
    """A browser's end of one event stream of ``user``."""

    def __init__(self, server: Server, user: Any, *, ticket: str = "", last_id: str = "") -> None:
        self.client = Client()
        self.client.force_login(user)
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.client.cookies[settings.SESSION_COOKIE_NAME].value}"
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        headers = {"Cookie": cookie} | ({"Last-Event-ID": last_id} if last_id else {})
        self.connection.request("GET", f"/live/desk/?ticket={ticket}", headers=headers)
        self.answer = self.connection.getresponse()

    def next(self) -> Told | None:
        """Return the next event, waiting for it; None when the stream ended."""
        fields: dict[str, str] = {}
        while line := self.answer.readline().decode():
            name, _colon, value = line.rstrip("\n").partition(": ")
            if line != "\n":
                fields[name] = value
            elif "event" in fields:
                return Told(fields["event"], json.loads(fields["data"]), fields.get("id", ""))
            else:
                fields = {}
        return None

    def close(self) -> None:
        self.answer.close()
        self.connection.close()
