"""The settings of one mailbox, read from ``Channel.config``; the environment is passed in.

    {"address": "support@example.org", "name": "Example support",
     "imap": {"host": "imap.example.org", "user": "support@example.org", "password": "SUPPORT_PASSWORD"},
     "smtp": {"host": "smtp.example.org", "user": "support@example.org", "password": "SUPPORT_PASSWORD"}}

``password`` names an environment variable. Without ``imap`` nothing is fetched; without ``smtp`` mail
is sent over EMAIL_URL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from feedback.channels.email.addresses import parse_addresses

PORTS = {
    "imap": {"ssl": 993, "starttls": 143, "none": 143},
    "smtp": {"ssl": 465, "starttls": 587, "none": 25},
}
_HERE = {"127.0.0.1", "::1", "localhost"}
_KEYS = {"address", "name", "folder", "poll_seconds", "imap", "smtp"}
_KEYS |= {"plus_addressing", "authentication_server", "acknowledge"}
_SERVER_KEYS = {"host", "port", "security", "user", "password"}
FEWEST_POLL_SECONDS = 1


class BadSettings(ValueError):
    """The settings cannot be used; ``problems`` are sentences fit to show."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Server:
    """One mail server. ``security``: ssl, starttls or none (local only). ``password`` is the secret itself."""

    host: str
    port: int
    security: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"Server({self.host}:{self.port})"


@dataclass(frozen=True)
class Mailbox:
    """How mail comes in and goes out; ``imap`` and ``smtp`` are None when it has no server of its own for that."""

    address: str
    name: str
    folder: str
    poll_seconds: int
    is_plus_addressed: bool
    imap: Server | None
    smtp: Server | None


def read_mailbox(config: Mapping[str, Any], environment: Mapping[str, str]) -> Mailbox:
    """Return the mailbox that ``config`` describes. Raises BadSettings with all its problems."""
    problems = _not_settings(sorted(set(config) - _KEYS))
    address = str(config.get("address", ""))
    found, _is_more = parse_addresses([address])
    if [mailbox.email for mailbox in found] != [address.lower()] and [m.email for m in found] != [address]:
        problems.append(_("“address” must be the mail address that people write to."))
    poll_seconds = config.get("poll_seconds", 15)
    if not isinstance(poll_seconds, int) or poll_seconds < FEWEST_POLL_SECONDS:
        problems.append(_("“poll_seconds” must be a whole number from 1."))
    folder = str(config.get("folder", "INBOX"))
    if not folder.isascii() or not folder.isprintable() or not folder:
        problems.append(_("“folder” must be the folder's name on the server, in ASCII (RFC 3501, 5.1.3)."))
    servers = {}
    for protocol in ("imap", "smtp"):
        servers[protocol], wrong = _read_server(config.get(protocol), protocol, environment)
        problems += wrong
    if problems:
        raise BadSettings(problems)
    return Mailbox(
        address=address,
        name=str(config.get("name", ""))[:100],
        folder=folder,
        poll_seconds=poll_seconds,
        is_plus_addressed=config.get("plus_addressing", True) is True,
        imap=servers["imap"],
        smtp=servers["smtp"],
    )


def _not_settings(keys: Iterable[str]) -> list[str]:
    return [_("“%(key)s” is not a setting of a mailbox.") % {"key": key} for key in keys]


def _read_server(
    config: Any, protocol: str, environment: Mapping[str, str]
) -> tuple[Server | None, list[str]]:
    if config is None:
        return None, []
    if not isinstance(config, Mapping):
        return None, [_("“%(key)s” must be an object with host, user and password.") % {"key": protocol}]
    problems = _not_settings(f"{protocol}.{key}" for key in sorted(set(config) - _SERVER_KEYS))
    host, security = str(config.get("host", "")), str(config.get("security", "ssl"))
    if not host:
        problems.append(_("“%(key)s” is missing.") % {"key": f"{protocol}.host"})
    if security not in PORTS[protocol]:
        problems.append(_("“%(key)s” must be ssl, starttls or none.") % {"key": f"{protocol}.security"})
    elif security == "none" and host not in _HERE:
        problems.append(
            _("“%(key)s” none sends the password in clear: only to this machine.")
            % {"key": f"{protocol}.security"}
        )
    port = config.get("port", PORTS[protocol].get(security, 0))
    if not isinstance(port, int) or not 0 < port < 65536:
        problems.append(_("“%(key)s” must be a number from 1 to 65535.") % {"key": f"{protocol}.port"})
    user, variable = str(config.get("user", "")), str(config.get("password", ""))
    if user and not variable:
        problems.append(
            _("“%(key)s” must name an environment variable that holds the password.")
            % {"key": f"{protocol}.password"}
        )
    elif user and not environment.get(variable):
        problems.append(_("The environment variable %(name)s is not set.") % {"name": variable})
    elif not f"{user}{environment.get(variable, '')}".isascii():
        problems.append(_("“%(key)s”: user name and password must be ASCII.") % {"key": protocol})
    if problems:
        return None, problems
    return Server(host, port, security, user, environment.get(variable, "")), []
