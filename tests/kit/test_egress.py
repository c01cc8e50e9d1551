from __future__ import annotations

import http.server
import ipaddress
import shutil
import socket
import socketserver
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.kit import egress
from config.kit.egress import EgressFailed, EgressRefused, get, is_allowed, post
from tests.webhooks import Server, say

HERE = [ipaddress.ip_network("127.0.0.0/8")]


@pytest.fixture(autouse=True)
def _this_machine_is_ours(settings: Any) -> None:
    settings.EGRESS_ALLOWED_NETWORKS = HERE


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        yield server


class TestPost:
    def test_sends_and_returns_what_was_answered(self, server: Server) -> None:
        answer = post(f"{server.url}/hook?a=1", body=b"{}", headers={"Content-Type": "application/json"})
        assert (answer.status, answer.body, answer.is_success) == (200, b"ok", True)
        [(method, path, headers, body)] = server.asked
        assert (method, path, body) == ("POST", "/hook?a=1", b"{}")
        assert headers["Host"] == f"127.0.0.1:{server.port}"
        assert headers["Content-Type"] == "application/json"

    def test_follows_no_redirect(self, server: Server) -> None:
        server.answer = lambda handler: say(handler, 302, Location="http://169.254.169.254/")
        answer = post(server.url, body=b"", headers={})
        assert (answer.status, answer.is_success, len(server.asked)) == (302, False, 1)

    def test_reads_64_kb_at_most(self, server: Server) -> None:
        server.answer = lambda handler: say(handler, 200, b"x" * 1_000_000)
        assert len(get(server.url).body) == egress.MOST_BYTES

    def test_says_that_nobody_answers(self) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            with pytest.raises(EgressFailed, match="ConnectionRefusedError"):
                get(f"http://127.0.0.1:{closed.getsockname()[1]}/")

    def test_says_that_it_is_no_http(self) -> None:
        class Babble(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                self.request.recv(1000)
                self.request.sendall(b"220 smtp.example.org ESMTP\r\n")

        with socketserver.TCPServer(("127.0.0.1", 0), Babble) as babbler:
            threading.Thread(target=babbler.handle_request, daemon=True).start()
            with pytest.raises(EgressFailed, match="BadStatusLine"):
                get(f"http://127.0.0.1:{babbler.server_address[1]}/")

    def test_cuts_one_who_trickles(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        """Each byte comes well within the time-out of a read; together they would take for ever."""
        monkeypatch.setattr(egress, "MOST_SECONDS", 0.3)
        stopped = threading.Event()

        def trickle(handler: http.server.BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.end_headers()
            while not stopped.wait(0.02):
                try:
                    handler.wfile.write(b".")
                except OSError:
                    return

        server.answer = trickle
        started = time.monotonic()
        with pytest.raises(EgressFailed):
            get(server.url)
        stopped.set()
        assert time.monotonic() - started < 2

    def test_gives_up_on_a_name_that_is_not_resolved(self, monkeypatch: pytest.MonkeyPatch) -> None:
        never = threading.Event()
        monkeypatch.setattr(egress, "MOST_SECONDS", 0.1)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: never.wait(10) and [])
        with pytest.raises(EgressFailed, match="not resolved in time"):
            get("http://slow.example.org/")
        never.set()


class TestRefusals:
    @pytest.mark.parametrize(
        "url",
        [
            "ftp://example.org/",
            "file:///etc/passwd",
            "http:///nowhere",
            "http://user:secret@example.org/",
            "http://[::1",
            "http://example.org:99999/",
            "gopher://example.org",
            "",
        ],
    )
    def test_what_is_no_plain_address_of_the_web(self, url: str) -> None:
        with pytest.raises(EgressRefused) as refused:
            get(url)
        assert "secret" not in str(refused.value)

    @pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "2130706433", "localhost", "[::ffff:127.0.0.1]"])
    def test_this_machine_in_every_spelling(self, host: str, server: Server, settings: Any) -> None:
        settings.EGRESS_ALLOWED_NETWORKS = []
        with pytest.raises((EgressRefused, EgressFailed)):
            get(f"http://{host}:{server.port}/")
        assert server.asked == []

    def test_a_name_that_changes_between_the_check_and_the_connection(
        self, server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The classic rebinding trap: public when asked, this machine when connected to."""
        settings.EGRESS_ALLOWED_NETWORKS = []
        answers = iter(["8.8.8.8", "127.0.0.1"])
        connected: list[Any] = []

        def resolve(*args: Any, **kwargs: Any) -> list[Any]:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), 0))]

        def connect(address: Any, port: int, *, seconds: float) -> socket.socket:
            connected.append((str(address), port))
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        monkeypatch.setattr(egress, "_connect", connect)
        with pytest.raises(EgressFailed):
            get(f"http://rebinding.example.org:{server.port}/")
        assert connected == [("8.8.8.8", server.port)]

    def test_uses_only_the_public_ones_of_several_addresses(
        self, server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # Only 127.0.0.0/8 is allowed here.
        infos = [
            (family, socket.SOCK_STREAM, 6, "", (address, 0))
            for family, address in [(socket.AF_INET, "10.0.0.1"), (socket.AF_INET, "127.0.0.1")]
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: infos)
        assert get(f"http://two.example.org:{server.port}/").is_success


class TestIsAllowed:
    @pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
    def test_holds_for_public_addresses(self, address: str) -> None:
        assert is_allowed(ipaddress.ip_address(address))

    @pytest.mark.parametrize(
        "address",
        [
            "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "198.18.0.1",
            "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fec0::1",
            "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1", "2002:7f00:1::1", "2001:0:4136:e378::1", "::127.0.0.1", "::ffff:0:127.0.0.1", "3fff::1",
            "5f00::1", "192.0.0.8", "192.88.99.1", "168.63.129.16",
        ],
    )  # fmt: skip
    def test_does_not_hold_for_any_other(self, address: str) -> None:
        assert not is_allowed(ipaddress.ip_address(address))

    @pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"])
    def test_holds_for_networks_of_ours(self, address: str) -> None:
        assert is_allowed(ipaddress.ip_address(address))


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make a certificate")
class TestOverTls:
    @pytest.fixture
    def secure(self, server: Server, tmp_path: Path) -> tuple[Server, Path]:
        certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
        command = [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=here",
        ]
        names = ["-addext", "subjectAltName=DNS:hook.example.org"]
        subprocess.run(
            [*command, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.server.socket = context.wrap_socket(server.server.socket, server_side=True)
        return server, certificate

    @pytest.fixture(autouse=True)
    def _names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: [info])

    def test_checks_the_name_in_the_certificate(
        self, secure: tuple[Server, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server, certificate = secure
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert get(f"https://hook.example.org:{server.port}/").is_success
        with pytest.raises(EgressFailed, match="SSLCertVerificationError"):
            get(f"https://other.example.org:{server.port}/")

    def test_trusts_no_unknown_certificate(self, secure: tuple[Server, Path]) -> None:
        with pytest.raises(EgressFailed, match="SSLCertVerificationError"):
            get(f"https://hook.example.org:{secure[0].port}/")

    def test_cuts_a_handshake_that_never_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(egress, "MOST_SECONDS", 0.2)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            started = time.monotonic()
            with pytest.raises(EgressFailed):
                get(f"https://hook.example.org:{silent.getsockname()[1]}/")
        assert time.monotonic() - started < 2
