"""What is answered when something breaks, on pages and over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config import urls
from config.kit.problems import SECONDS_UNTIL_THE_DATABASE_IS_BACK


def away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection to 10.1.2.3 failed for user earshot")


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [
    path("away", away),
    path("api/away", away),
    path("broken", broken),
    path("api/broken", broken),
]
handler500 = urls.handler500


class TestServerError:
    @pytest.fixture
    def client(self, settings: Any) -> Client:
        settings.ROOT_URLCONF = __name__
        return Client(raise_request_exception=False)

    @pytest.mark.parametrize("where", ["/away", "/api/away"])
    def test_says_when_to_come_again_while_the_database_is_away(self, client: Client, where: str) -> None:
        answer = client.get(where)
        assert answer.status_code == 503
        assert answer["Retry-After"] == str(SECONDS_UNTIL_THE_DATABASE_IS_BACK)
        assert "10.1.2.3" not in answer.content.decode()

    def test_tells_people_in_both_languages(self, client: Client) -> None:
        page = client.get("/away").content.decode()
        assert "was not stored" in page
        assert "没有保存" in page

    @pytest.mark.parametrize("where", ["/broken", "/api/broken"])
    def test_takes_nothing_else_for_that(self, client: Client, where: str) -> None:
        answer = client.get(where)
        assert answer.status_code == 500
        assert "Retry-After" not in answer
