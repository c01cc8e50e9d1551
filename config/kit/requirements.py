"""Requirements on the database server, checked before migrating and by /readyz."""

from django.db import connection

LEAST_POSTGRESQL = 15
LEAST_PGVECTOR = (0, 7)


def missing() -> list[str]:
    """Return a sentence for each requirement that the database server lacks; empty when it meets all.

    Two queries. Raises django.db.OperationalError when the server does not answer.
    """
    major, versions = server_version(), extensions_offered()
    sentences = []
    if major < LEAST_POSTGRESQL:
        sentences.append(f"PostgreSQL {LEAST_POSTGRESQL} or newer is needed; this is {major}.")
    sentences += [
        f"The PostgreSQL extension {name} is not installed on the server."
        for name in ("pg_trgm", "unaccent", "vector")
        if name not in versions
    ]
    if "vector" in versions and numbers(versions["vector"]) < LEAST_PGVECTOR:
        sentences.append(f"pgvector 0.7 or newer is needed; this is {versions['vector']}.")
    return sentences


def server_version() -> int:
    """Return the server's major version, such as 18."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def extensions_offered() -> dict[str, str]:
    """Return the default version of every available extension by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, default_version FROM pg_available_extensions")
        return dict(cursor.fetchall())


def numbers(version: str) -> tuple[int, ...]:
    """Return the first two numbers of ``version``: (0, 8) for 0.8.6."""
    return tuple(int(word) for word in version.split(".")[:2])
