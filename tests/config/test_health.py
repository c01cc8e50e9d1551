import pytest
from django.db import OperationalError, connection

from config import health
from config.kit import requirements


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(health, "_migrations_are_applied", False)


class TestHealthz:
    def test_asks_nobody(self, client):
        # No database fixture: a query would fail the test.
        assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
class TestReadyz:
    def test_is_ready_on_a_migrated_database(self, client):
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.json() == {"status": "ok", "checks": {"database": "ok", "redis": "ok"}}

    def test_is_ready_without_redis_and_says_so(self, client, settings):
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
        response = client.get("/readyz")
        assert response.status_code == 200
        assert response.json()["checks"]["redis"] == "away"

    def test_is_unready_while_a_migration_is_missing(self, client):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'tickets'")
        response = client.get("/readyz")
        assert response.status_code == 503
        assert "manage.py prepare" in response.json()["checks"]["database"]

    def test_is_unready_without_a_database_and_names_no_address(self, client, monkeypatch):
        def fail() -> None:
            raise OperationalError("connection to 10.1.2.3 failed for user earshot")

        monkeypatch.setattr(health, "_migrations_are_applied", True)
        monkeypatch.setattr(connection, "cursor", fail)
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["checks"]["database"] == "The database does not answer."

    @pytest.mark.parametrize(
        ("extensions", "sentence"),
        [
            ({"pg_trgm": "1.6", "unaccent": "1.1"}, "The PostgreSQL extension vector is not installed"),
            ({"pg_trgm": "1.6", "unaccent": "1.1", "vector": "0.6.2"}, "pgvector 0.7 or newer is needed"),
        ],
    )
    def test_is_unready_without_what_the_database_must_offer(self, client, monkeypatch, extensions, sentence):
        monkeypatch.setattr(requirements, "extensions_offered", lambda: extensions)
        assert sentence in client.get("/readyz").json()["checks"]["database"]
