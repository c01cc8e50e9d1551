import ipaddress
import stat
import threading

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env


@pytest.fixture(autouse=True)
def _bare(monkeypatch):
    for name in ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EARSHOT_EMBEDDED", "EARSHOT_NO_SERVERS"):
        monkeypatch.delenv(name, raising=False)


class TestServerUrls:
    @pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
    def test_refuses_one_without_the_other(self, monkeypatch, name):
        monkeypatch.setenv(name, "redis://cache.example")
        with pytest.raises(ImproperlyConfigured, match=f"both DATABASE_URL and REDIS_URL.*{name}"):
            env.server_urls()

    def test_names_servers_where_nobody_answers_when_none_is_needed(self, monkeypatch):
        monkeypatch.setenv("EARSHOT_NO_SERVERS", "1")
        assert all(env.server_urls())


class TestDatabase:
    def test_reads_a_socket_directory(self):
        settings = env.database("postgresql://earshot@/earshot?host=/tmp/x")
        assert settings["NAME"] == "earshot"
        assert settings["OPTIONS"]["host"] == "/tmp/x"

    def test_reads_passwords_with_every_sign(self):
        assert env.database("postgresql://u:p%40%2F%3Aw@h:5433/d")["PASSWORD"] == "p@/:w"

    def test_keeps_connections_unless_told_not_to(self, monkeypatch):
        monkeypatch.delenv("DATABASE_MAX_AGE")
        assert env.database("postgresql://u@h/d")["CONN_MAX_AGE"] == 600
        monkeypatch.setenv("DATABASE_MAX_AGE", "0")
        assert env.database("postgresql://u@h/d")["CONN_MAX_AGE"] == 0

    def test_prepares_no_statement_behind_a_pooler_that_knows_none(self, monkeypatch):
        assert env.database("postgresql://u@h/d")["OPTIONS"]["prepare_threshold"] == 0
        monkeypatch.setenv("DATABASE_PREPARE", "false")
        assert env.database("postgresql://u@h/d")["OPTIONS"]["prepare_threshold"] is None

    def test_refuses_another_kind_of_database(self):
        with pytest.raises(ImproperlyConfigured, match="needs PostgreSQL"):
            env.database("sqlite:///db.sqlite3")


class TestRedisSpelling:
    @pytest.mark.parametrize(
        ("url", "reader", "spelled"),
        [
            ("unix:///tmp/v.sock?db=3", "redis", "unix:///tmp/v.sock?db=3"),
            ("unix:///tmp/v.sock?db=3", "celery", "redis+socket:///tmp/v.sock?virtual_host=3"),
            ("redis+socket:///tmp/v.sock?virtual_host=3", "redis", "unix:///tmp/v.sock?db=3"),
            ("unix:///tmp/v.sock", "celery", "redis+socket:///tmp/v.sock?virtual_host=0"),
            ("redis://:p%40w@cache.example:6380/2", "redis", "redis://:p%40w@cache.example:6380/2"),
            (
                "rediss://cache.example/0?ssl_cert_reqs=none",
                "celery",
                "rediss://cache.example/0?ssl_cert_reqs=none",
            ),
        ],
    )
    def test_writes_sockets_as_the_reader_does(self, url, reader, spelled):
        assert env.redis_spelling(url, reader=reader) == spelled


class TestSecretKey:
    def test_is_asked_for_on_real_servers(self):
        with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY"):
            env.secret_key()

    def test_is_made_once_for_embedded_servers_and_kept_from_others(self, monkeypatch, tmp_path):
        monkeypatch.setenv("EARSHOT_EMBEDDED", "1")
        monkeypatch.setenv("EARSHOT_HOME", str(tmp_path))
        first = env.secret_key()
        assert first == env.secret_key()
        assert len(first) > 50
        assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600

    def test_is_the_same_for_all_who_ask_at_once(self, tmp_path):
        found = set()
        threads = [
            threading.Thread(target=lambda: found.add(env.kept_secret(tmp_path / "key"))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 1


class TestPublicBaseUrl:
    def test_loses_its_last_slash(self, monkeypatch):
        monkeypatch.setenv("PUBLIC_BASE_URL", "https://feedback.example.org/")
        assert env.public_base_url() == "https://feedback.example.org"

    @pytest.mark.parametrize("url", ["feedback.example.org", "ftp://x", "https://"])
    def test_is_refused_when_it_is_no_address(self, monkeypatch, url):
        monkeypatch.setenv("PUBLIC_BASE_URL", url)
        with pytest.raises(ImproperlyConfigured, match="must look like"):
            env.public_base_url()


class TestTrustedProxies:
    def test_are_networks(self, monkeypatch):
        monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.1")
        assert env.trusted_proxies() == [
            ipaddress.ip_network("10.0.0.0/8"),
            ipaddress.ip_network("192.0.2.1/32"),
        ]

    def test_are_refused_when_they_are_none(self, monkeypatch):
        monkeypatch.setenv("TRUSTED_PROXIES", "proxy.internal")
        with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES"):
            env.trusted_proxies()


class TestTimeZone:
    @pytest.mark.parametrize("zone", ["Asia/Peking Duck", "../../etc/passwd", ""])
    def test_is_refused_when_it_is_none(self, monkeypatch, zone):
        monkeypatch.setenv("SUMMARY_TIME_ZONE", zone)
        with pytest.raises(ImproperlyConfigured, match="SUMMARY_TIME_ZONE must name a time zone"):
            env.time_zone("SUMMARY_TIME_ZONE", default="Asia/Shanghai")
