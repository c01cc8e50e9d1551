"""The only HTTP client for outgoing requests: public addresses only, no redirects, 5 seconds, 64 kB.

Users configure where webhooks go, so a URL may be an attack: its host may resolve to the cloud's metadata
service or to a machine behind our firewall (SSRF). The name is resolved here, each address is checked, and
the connection goes to the checked address without resolving the name again.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

MOST_SECONDS = 5.0
MOST_BYTES = 64 * 1024

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

#: IPv6 addresses with an IPv4 address in their last 32 bits, which is the one that is checked.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
#: Networks that ``is_global`` of Python 3.11 considers public: tunnels and translations with an unknown far end,
#: ranges reserved since, and the address at which one cloud serves secrets to its machines.
_NOT_PUBLIC = [
    ipaddress.ip_network(text)
    for text in (
        "::/96", "::ffff:0:0:0/96", "2002::/16", "64:ff9b:1::/48", "fec0::/10", "3fff::/20", "5f00::/16",
        "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32",
    )
]  # fmt: skip


class EgressRefused(Exception):
    """The URL is not allowed. The message names the host but never the path, which may hold a secret."""


class EgressFailed(Exception):
    """The server did not answer in time, or not with valid HTTP."""


@dataclass(frozen=True)
class Answer:
    """A response, its ``body`` cut at MOST_BYTES. A redirect is returned like any other, not followed."""

    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def post(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send ``body`` to ``url`` and return the answer. Raises EgressRefused, EgressFailed."""
    return _exchange("POST", url, body=body, headers=headers)


def get(url: str) -> Answer:
    """Return the response of ``url``. Raises EgressRefused, EgressFailed."""
    return _exchange("GET", url, body=None, headers={})


def is_allowed(address: IPAddress) -> bool:
    """Return whether connecting to ``address`` is allowed: it is public or in EGRESS_ALLOWED_NETWORKS."""
    judged = _innermost(address)
    if any(judged in network or address in network for network in settings.EGRESS_ALLOWED_NETWORKS):
        return True
    if any(judged in network for network in _NOT_PUBLIC):
        return False
    return judged.is_global and not judged.is_multicast and not judged.is_unspecified


def _innermost(address: IPAddress) -> IPAddress:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _exchange(method: str, url: str, *, body: bytes | None, headers: Mapping[str, str]) -> Answer:
    parts = _parts(url)
    until = time.monotonic() + MOST_SECONDS
    try:
        with _connected(parts, until=until) as connection:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, target, body=body, headers={"User-Agent": "Earshot", **headers})
            response = connection.getresponse()
            answer = Answer(response.status, response.read(MOST_BYTES))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise EgressFailed(f"{parts.hostname}: {type(error).__name__}") from error
    if time.monotonic() >= until:
        # The connection was cut: the response may be incomplete.
        raise EgressFailed(f"{parts.hostname}: no whole answer in {MOST_SECONDS:g} s")
    return answer


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError as error:
        raise EgressRefused("not an address of the web") from error
    if not known:
        raise EgressRefused("only http:// and https:// addresses with a host")
    if parts.username is not None or parts.password is not None:
        raise EgressRefused(f"{parts.hostname}: no user names in addresses")
    return parts


@contextlib.contextmanager
def _connected(parts: SplitResult, *, until: float) -> Iterator[http.client.HTTPConnection]:
    """Yield a connection that is cut at ``until``, however slowly the server sends."""
    host, is_secure = str(parts.hostname), parts.scheme == "https"
    line = _first_that_connects(host, parts.port or (443 if is_secure else 80), until=until)
    if is_secure:
        context = ssl.create_default_context()
        line = context.wrap_socket(line, server_hostname=host, do_handshake_on_connect=False)
    # Socket timeouts apply to each read; only cutting the connection bounds the whole exchange.
    watch = threading.Timer(max(until - time.monotonic(), 0), _cut, [line])
    watch.daemon = True
    watch.start()
    kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    try:
        with line, contextlib.closing(kind(host, parts.port)) as connection:
            if isinstance(line, ssl.SSLSocket):
                line.do_handshake()
            connection.sock = line
            yield connection
    finally:
        watch.cancel()


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        # Not SSLSocket.shutdown(): it drops the TLS state that another thread is still reading with.
        socket.socket.shutdown(line, socket.SHUT_RDWR)


def _first_that_connects(host: str, port: int, *, until: float) -> socket.socket:
    allowed = [address for address in _resolved(host, until=until) if is_allowed(address)]
    if not allowed:
        raise EgressRefused(f"{host}: not a public address")
    for number, address in enumerate(allowed, start=1):
        try:
            return _connect(address, port, seconds=max(until - time.monotonic(), 0.01))
        except OSError:
            if number == len(allowed):
                raise
    raise AssertionError("unreachable: the loop returns or raises")


def _connect(address: IPAddress, port: int, *, seconds: float) -> socket.socket:
    """Connect to ``address`` itself, so that the name is not resolved a second time."""
    line = socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET)
    try:
        line.settimeout(seconds)
        line.connect((str(address), port))
    except OSError:
        line.close()
        raise
    return line


def _resolved(host: str, *, until: float) -> list[IPAddress]:
    """Return the addresses of ``host``, resolved in a thread that may be abandoned: getaddrinfo has no timeout."""
    found: queue.SimpleQueue[list[IPAddress] | OSError] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            infos = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.put([ipaddress.ip_address(info[4][0]) for info in infos])
        except (OSError, UnicodeError, ValueError) as error:
            found.put(error if isinstance(error, OSError) else OSError("not a host name"))

    threading.Thread(target=resolve, daemon=True).start()
    try:
        result = found.get(timeout=max(until - time.monotonic(), 0.01))
    except queue.Empty:
        raise EgressFailed(f"{host}: its name is not resolved in time") from None
    if isinstance(result, OSError):
        raise result
    return list(dict.fromkeys(result))
