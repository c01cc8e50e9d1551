from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from feedback.intake.links import status_token
from feedback.intake.lost_links import links_token
from feedback.intake.models import LinkRequest
from tests.people import NOON, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """Return a browser that minds CSRF."""
    return Client(enforce_csrf_checks=True)


def ask(browser: Client, email: str) -> tuple[int, str]:
    """Return status and page of asking for the links of ``email``."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/mine").content.decode())
    assert found
    answer = browser.post("/mine", {"email": email, "csrfmiddlewaretoken": found[1]})
    return answer.status_code, answer.content.decode()


class TestLostLink:
    def test_says_the_same_whether_the_address_is_known_or_not(self, browser: Client) -> None:
        said("The upload stops", by="kim@example.org")
        known, unknown = ask(browser, "kim@example.org"), ask(browser, "lin@example.org")
        assert known[0] == unknown[0] == 200
        assert known[1].replace("kim@", "lin@") == unknown[1]
        assert LinkRequest.objects.count() == 2

    @pytest.mark.parametrize("email", ["", "kim", "kim@example.org\nBcc: lin@example.org"])
    def test_says_what_is_wrong_with_an_address(self, browser: Client, email: str) -> None:
        status, page = ask(browser, email)
        assert status == 422
        assert 'class="error"' in page
        assert not LinkRequest.objects.exists()

    def test_makes_whoever_asks_without_end_wait(self, browser: Client, settings: object) -> None:
        cache.clear()
        settings.LIMITS = {**settings.LIMITS, "anonymous_writes": "1/minute"}  # type: ignore[attr-defined]
        ask(browser, "kim@example.org")
        status, page = ask(browser, "lin@example.org")
        assert status == 429
        assert "lin@example.org" in page
        assert LinkRequest.objects.count() == 1


class TestMyFeedback:
    @pytest.fixture
    def path(self, browser: Client) -> str:
        ask(browser, "kim@example.org")
        return f"/mine/{links_token(LinkRequest.objects.get())}"

    def test_leads_to_each_private_page(
        self, browser: Client, path: str, django_assert_num_queries: object
    ) -> None:
        threads = [
            said(text, by="kim@example.org").feedback for text in ("视频上传不了", "The sound is gone")
        ]
        said("Somebody else's", by="lin@example.org")
        with django_assert_num_queries(2):  # type: ignore[operator]
            answer = browser.get(path)
        page = answer.content.decode()
        assert [thread.number in page for thread in threads] == [True, True]
        assert all(f"/status/{status_token(thread.public_id)}" in page for thread in threads)
        assert "视频上传不了" in page
        assert "Somebody else" not in page
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "no-store" in answer["Cache-Control"]

    def test_is_gone_after_a_day(self, browser: Client, path: str) -> None:
        LinkRequest.objects.update(expires_at=NOON)
        assert browser.get(path).status_code == 404
        assert browser.get(path[:-1]).status_code == 404
