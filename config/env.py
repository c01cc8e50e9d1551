"""The environment variables, read here and nowhere else.

``docs/operations.md`` documents them. Missing or contradictory ones are refused here, at start, with a
message that says what to do.
"""

import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent

read = environ.Env()

IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


def without_servers() -> bool:
    """Return whether this process uses neither PostgreSQL nor Redis (manage.py decides)."""
    return read.bool("EARSHOT_NO_SERVERS", default=False)


def is_embedded() -> bool:
    """Return whether config.embedded started the servers: one machine, demo or development."""
    return read.bool("EARSHOT_EMBEDDED", default=False)


def home() -> Path:
    """Return the directory for everything that is written: data, logs, static files, keys."""
    return Path(read.str("EARSHOT_HOME", default="") or ROOT / "var").resolve()


def server_urls() -> tuple[str, str]:
    """Return DATABASE_URL and REDIS_URL.

    Raises ImproperlyConfigured when one is missing: with one real and one throw-away server, messages
    would be lost silently.
    """
    database = read.str("DATABASE_URL", default="")
    redis = read.str("REDIS_URL", default="")
    if without_servers():
        # Addresses that never answer, so that a command which does use a server fails visibly.
        return database or "postgresql://nobody@/none?host=/nonexistent", redis or "redis://127.0.0.1:1/0"
    if not database or not redis:
        raise ImproperlyConfigured(
            "Set both DATABASE_URL and REDIS_URL, or neither: then manage.py and up.py start "
            f"embedded servers. Set now: {'DATABASE_URL' if database else 'REDIS_URL' if redis else 'none'}."
        )
    return database, redis


def database(url: str) -> dict[str, object]:
    """Return Django's database settings for ``url``.

    ``?host=/directory`` names a Unix socket. A thread keeps its connection for DATABASE_MAX_AGE seconds (default
    600, 0: for one request). DATABASE_PREPARE=false is for a pooler without support for prepared statements.
    """
    parsed: dict[str, object] = dict(environ.Env.db_url_config(url))
    if parsed.get("ENGINE") != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql://. Earshot needs PostgreSQL.")
    options = dict(parsed.get("OPTIONS") or {})  # type: ignore[call-overload]
    options.setdefault("connect_timeout", 5)
    # Statements of ``prepared_cursor`` are prepared at their first use; Django's own cursors never prepare.
    options.setdefault("prepare_threshold", 0 if read.bool("DATABASE_PREPARE", default=True) else None)
    kept = {"CONN_MAX_AGE": read.int("DATABASE_MAX_AGE", default=600), "CONN_HEALTH_CHECKS": True}
    return parsed | {"ENGINE": "config.postgresql", "OPTIONS": options} | kept


def redis_spelling(url: str, *, reader: str) -> str:
    """Return ``url`` in the form that ``reader`` expects ("redis" for redis-py and the cache, "celery").

    Only Unix sockets differ: redis-py wants ``unix:///path?db=0``, kombu and the result backend
    ``redis+socket:///path?virtual_host=0``. Addresses with a host pass through unchanged.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"unix", "redis+socket"}:
        return url
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    number = query.pop("db", query.pop("virtual_host", "0"))
    credentials = parts.netloc
    if reader == "celery":
        return f"redis+socket://{credentials}{parts.path}?" + urlencode({"virtual_host": number, **query})
    return f"unix://{credentials}{parts.path}?" + urlencode({"db": number, **query})


def secret_key() -> str:
    """Return SECRET_KEY; with embedded servers one is generated once and stored with the data.

    Raises ImproperlyConfigured on real servers without one: a key that changes at each start would
    end every session and invalidate every status link.
    """
    given = read.str("SECRET_KEY", default="")
    if given:
        return given
    if without_servers():
        return secrets.token_urlsafe(50)
    if not is_embedded():
        raise ImproperlyConfigured(
            "Set SECRET_KEY (50 random characters or more), for instance with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return kept_secret(home() / "secret_key")


def kept_secret(path: Path) -> str:
    """Return the secret in the file ``path``, creating it (mode 0600) when it does not exist.

    Safe when several processes run it concurrently: linking fails for all but the first, so all read the same secret.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    return path.read_text().strip()


def public_base_url() -> str:
    """Return PUBLIC_BASE_URL, the start of every link to this service, without a trailing slash."""
    url = read.str("PUBLIC_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
    if not re.match(r"https?://[^/\s]+", url):
        raise ImproperlyConfigured("PUBLIC_BASE_URL must look like https://feedback.example.org")
    return url


def mail() -> dict[str, object]:
    """Return Django's settings for sending mail through EMAIL_URL.

    Without it mail is printed on embedded servers, for trying things out, and discarded on real ones: the links in
    mails must not end up in a log.
    """
    nowhere = "consolemail://" if is_embedded() else "dummymail://"
    parsed: dict[str, object] = dict(read.email("EMAIL_URL", default=nowhere))
    if parsed["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        parsed["EMAIL_BACKEND"] = "config.kit.smtp.EmailBackend"
    return parsed


def time_zone(name: str, *, default: str) -> str:
    """Return the time zone in the variable ``name``, such as Asia/Shanghai."""
    zone = read.str(name, default=default)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ImproperlyConfigured(f"{name} must name a time zone such as {default}, not {zone!r}") from error
    return zone


def allowed_hosts(base_url: str) -> list[str]:
    """Return ALLOWED_HOSTS, by default the host of ``base_url`` and, with embedded servers, this machine."""
    here = ["localhost", "127.0.0.1", "[::1]"] if is_embedded() else []
    return read.list("ALLOWED_HOSTS", default=[]) or [urlsplit(base_url).hostname or "localhost", *here]


def trusted_proxies() -> list[IPNetwork]:
    """Return the networks (TRUSTED_PROXIES, comma-separated) whose X-Forwarded-* headers are trusted."""
    return networks("TRUSTED_PROXIES")


def egress_allowed_networks() -> list[IPNetwork]:
    """Return the private networks (EGRESS_ALLOWED_NETWORKS, comma-separated) that webhooks may reach.

    Public addresses are always allowed; all others are refused, since a webhook URL may be an attack (SSRF).
    """
    return networks("EGRESS_ALLOWED_NETWORKS")


def networks(name: str) -> list[IPNetwork]:
    """Return the networks listed in the variable ``name``."""
    try:
        return [ipaddress.ip_network(text.strip()) for text in read.list(name, default=[])]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must list networks such as 10.0.0.0/8: {error}") from error
