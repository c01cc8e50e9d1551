import ipaddress
import logging

import pytest
from asgiref.sync import SyncToAsync, async_to_sync
from django.http import HttpResponse
from django.utils import timezone

from config.middleware import keep_house_time, name_and_log_requests, trust_listed_proxies
from users.accounts.models import Role, User


@pytest.fixture
def through(rf, settings):
    """Send a request with these headers from this peer through the proxy middleware; return the request seen."""
    settings.TRUSTED_PROXIES = [ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")]

    def send(peer, **headers):
        seen = []
        handle = trust_listed_proxies(lambda request: seen.append(request) or HttpResponse())
        handle(rf.get("/", REMOTE_ADDR=peer, headers=headers))
        return seen[0]

    return send


class TestTrustListedProxies:
    def test_believes_a_listed_peer(self, through):
        request = through("10.0.0.1", X_Forwarded_For="192.0.2.7", X_Forwarded_Proto="https")
        assert request.META["REMOTE_ADDR"] == "192.0.2.7"
        assert request.is_secure()

    def test_takes_the_last_address_that_is_no_proxy(self, through):
        request = through("10.0.0.1", X_Forwarded_For="198.51.100.1, 192.0.2.7, 10.2.2.2")
        assert request.META["REMOTE_ADDR"] == "192.0.2.7"

    def test_believes_nothing_of_anybody_else(self, through):
        request = through("192.0.2.1", X_Forwarded_For="127.0.0.1", X_Forwarded_Proto="https")
        assert request.META["REMOTE_ADDR"] == "192.0.2.1"
        assert not request.is_secure()
        assert "HTTP_X_FORWARDED_FOR" not in request.META

    @pytest.mark.parametrize(
        "nonsense", ["unknown", "192.0.2.7, x", "'; DROP TABLE", "", ",,,", "1.2.3.4:80"]
    )
    def test_stops_at_what_is_no_address(self, through, nonsense):
        assert through("10.0.0.1", X_Forwarded_For=nonsense).META["REMOTE_ADDR"] == "10.0.0.1"

    def test_survives_a_peer_without_address(self, through):
        assert through("", X_Forwarded_For="192.0.2.7").META["REMOTE_ADDR"] == ""

    def test_reads_addresses_of_version_6(self, through):
        assert through("fd00::1", X_Forwarded_For="2001:db8::7").META["REMOTE_ADDR"] == "2001:db8::7"


class TestNameAndLogRequests:
    def test_keeps_a_harmless_name_and_replaces_any_other(self, rf):
        handle = name_and_log_requests(lambda request: HttpResponse())
        assert handle(rf.get("/", headers={"X-Request-ID": "abc-123_4.5"}))["X-Request-ID"] == "abc-123_4.5"
        for name in ("", "a", "x" * 65, "a b c d e f", "abcdefgh\nforged=1"):
            given = handle(rf.get("/", headers={"X-Request-ID": name}))["X-Request-ID"]
            assert given != name
            assert len(given) == 32

    def test_logs_the_route_and_never_the_path(self, client, db, caplog):
        with caplog.at_level(logging.INFO, logger="earshot.request"):
            client.get("/admin/login/?token=secret")
            client.get("/no/such/secret")
        text = caplog.text
        assert "admin/login/" in text
        assert "secret" not in text

    def test_does_not_log_probes(self, client, caplog):
        with caplog.at_level(logging.INFO, logger="earshot.request"):
            client.get("/healthz")
        assert not caplog.records


@pytest.mark.django_db
class TestDropNul:
    """PostgreSQL refuses it with an exception, in the middle of whatever was being done."""

    @pytest.fixture
    def desk(self, client):
        client.force_login(User.objects.create_user("ada", role=Role.ADMINISTRATOR, is_staff=True))
        return client

    @pytest.mark.parametrize(
        "address",
        [
            "/admin/desk/?tag=%00",
            "/admin/desk/?assignee=a%00",
            "/admin/users/user/?role=%00",
            "/?a%00=b",
            "/api/v1/tickets?queue=%00",
        ],
    )
    def test_lets_an_address_do_what_it_would_without(self, desk, address):
        assert desk.get(address, follow=True).status_code == 200

    def test_lets_a_form_do_what_it_would_without(self, desk, settings):
        answer = desk.post("/i18n/setlang/", {"language": "zh\0-hans"})
        assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"


class TestStayInOneThread:
    def test_spares_hops_between_threads(self, async_client, monkeypatch):
        """One for the chain of middleware, one for the view, and Django's own three; 19 without it."""
        hops = []
        original = SyncToAsync.__call__

        def counted(self, *args, **kwargs):
            hops.append(self.func)
            return original(self, *args, **kwargs)

        monkeypatch.setattr(SyncToAsync, "__call__", counted)
        assert async_to_sync(async_client.get)("/healthz").status_code == 200
        assert len(hops) <= 5


class TestKeepHouseTime:
    @pytest.mark.parametrize(
        ("path", "zone"),
        [
            ("/admin/tickets/oncallshift/add/", "Asia/Shanghai"),
            ("/admin/desk/", "Asia/Shanghai"),
            ("/admin/summaries/", "Asia/Shanghai"),
            ("/api/v1/feedback", "UTC"),
            ("/", "UTC"),
        ],
    )
    def test_sets_the_clock_of_pages_of_staff_for_the_time_of_the_request(self, rf, settings, path, zone):
        settings.SUMMARY_TIME_ZONE = "Asia/Shanghai"
        handle = keep_house_time(lambda request: HttpResponse(timezone.get_current_timezone_name()))
        assert handle(rf.get(path)).content.decode() == zone
        assert timezone.get_current_timezone_name() == "UTC"
