from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from config.kit.outbox.models import OutboxRow
from feedback.intake.links import status_token
from feedback.intake.models import Attachment, Channel, Feedback, FeedbackState, Message
from feedback.intake.parting import handle_with
from feedback.intake.services import default_channel, record_answer, show_state
from tests.people import NOON, agent, opened, said
from tickets.desk.services import add_note
from users.accounts.models import User
from users.profiles.models import Customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """Return a browser that minds CSRF."""
    return Client(enforce_csrf_checks=True)


def hidden(page: bytes, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page.decode())
    assert found, f"no field {name}"
    return found[1]


def write(browser: Client, text: str, **fields: Any) -> Any:
    page = browser.get("/submit").content
    form = {
        "text": text,
        "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
        "key": hidden(page, "key"),
    }
    return browser.post("/submit", form | fields)


def page_of(feedback: Feedback) -> str:
    return f"/status/{status_token(feedback.public_id)}"


class TestSubmit:
    def test_leads_to_the_private_page(self, browser: Client) -> None:
        answer = write(browser, "视频上传不了", topic="bug", email="kim@example.org", device="Pixel")
        feedback = Feedback.objects.get()
        assert (answer.status_code, answer["Location"]) == (303, page_of(feedback) + "?done=sent")
        assert (feedback.topic_hint, feedback.device, feedback.platform) == ("bug", "Pixel", "web")
        assert feedback.address is not None
        assert not feedback.address.is_proven
        page = browser.get(answer["Location"]).content.decode()
        assert feedback.number in page
        assert f"http://127.0.0.1:8000{page_of(feedback)}" in page

    def test_owes_a_confirmation_to_the_address_where_the_channel_gives_one(self, browser: Client) -> None:
        write(browser, "It crashes", email="kim@example.org")
        confirmations = OutboxRow.objects.filter(kind="message.accepted")
        assert not confirmations.exists()
        Channel.objects.update(config={"acknowledge": True})
        default_channel.forget()
        write(browser, "It crashes again", email="kim@example.org")
        assert confirmations.get().subject_id == Message.objects.latest("pk").pk

    def test_sent_twice_is_there_once(self, browser: Client) -> None:
        page = browser.get("/").content
        form = {
            "text": "hi",
            "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
            "key": hidden(page, "key"),
        }
        first, again = browser.post("/submit", form), browser.post("/submit", form)
        assert first["Location"] == again["Location"]
        assert Feedback.objects.count() == 1
        assert browser.post("/submit", form | {"text": "another"})["Location"] != first["Location"]

    def test_takes_files(self, browser: Client) -> None:
        write(browser, "", attachments=[SimpleUploadedFile("1.png", b"\x89PNG\r\n\x1a\n")])
        assert Attachment.objects.get().content_type == "image/png"

    def test_keeps_what_was_typed_when_something_is_wrong(self, browser: Client) -> None:
        answer = write(browser, "do not lose this", email="kim")
        assert answer.status_code == 422
        assert b"do not lose this" in answer.content
        assert not Feedback.objects.exists()

    @pytest.mark.parametrize("text", ["", " \n ", "\x00", "x" * 20_001])
    def test_refuses_an_empty_and_an_endless_text(self, browser: Client, text: str) -> None:
        assert write(browser, text).status_code == 422

    def test_refuses_a_foreign_page(self, browser: Client) -> None:
        assert browser.post("/submit", {"text": "forged"}).status_code == 403
        assert not Feedback.objects.exists()

    def test_is_the_logged_in_customers(self, browser: Client) -> None:
        browser.force_login(User.objects.create_user("kim"))
        write(browser, "hi", email="lin@example.org")
        feedback = Feedback.objects.get()
        assert feedback.customer.user is not None
        assert feedback.address is None

    def test_past_the_limit_keeps_the_text_and_names_help(self, browser: Client, settings: Any) -> None:
        cache.clear()
        settings.LIMITS = {"anonymous_writes": "1/hour", "anonymous_urgent_writes": "1/hour"}
        write(browser, "one")
        refused = write(browser, "two, do not lose this")
        assert refused.status_code == 429
        assert b"do not lose this" in refused.content
        assert write(browser, "我不想活了").status_code == 303
        assert "12356" in write(browser, "我不想活了").content.decode()


class TestStatus:
    def test_shows_both_sides_escaped_and_no_note(self, browser: Client) -> None:
        ticket = opened("<script>alert(1)</script>")
        ana = agent("ana")
        add_note(ticket, text="SECRET NOTE", actor=ana, at=NOON)
        record_answer(ticket.feedback, text="We look at it.", author=ana, author_name="Ana", at=NOON)
        page = browser.get(page_of(ticket.feedback)).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "We look at it." in page
        assert "SECRET NOTE" not in page
        assert "<script>alert" not in page

    def test_stays_out_of_caches_search_engines_and_referrers(self, browser: Client) -> None:
        answer = browser.get(page_of(said("hi").feedback))
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy

    def test_of_a_wrong_link_is_not_there(self, browser: Client) -> None:
        wrong = page_of(said("hi").feedback)[:-1]
        for path in (wrong, wrong + "/messages", wrong + "/rating"):
            answer = browser.post(path) if path != wrong else browser.get(path)
            assert answer.status_code == 404

    def test_adds_a_message_without_any_cookie(self, browser: Client) -> None:
        feedback = said("hi").feedback
        answer = browser.post(
            page_of(feedback) + "/messages", {"text": "and also"}, headers={"Origin": "null"}
        )
        assert answer["Location"] == page_of(feedback) + "?done=added"
        assert [m.text for m in Message.objects.order_by("pk")] == ["hi", "and also"]
        assert browser.post(page_of(feedback) + "/messages", {"text": ""}).status_code == 422

    def test_names_help_until_somebody_answers(self, browser: Client) -> None:
        feedback = said("我不想活了").feedback
        browser.post(page_of(feedback) + "/messages", {"text": "对不起"})
        assert "12356" in browser.get(page_of(feedback)).content.decode()
        record_answer(feedback, text="我们在。", author=None, author_name="Ana", at=NOON)
        assert "12356" not in browser.get(page_of(feedback)).content.decode()

    def test_says_what_happens_next_until_something_did(self, browser: Client) -> None:
        feedback, urgent = said("hi").feedback, said("我不想活了").feedback
        assert "We read every message" in browser.get(page_of(feedback)).content.decode()
        assert "a person will look at it before" in browser.get(page_of(urgent)).content.decode()
        Feedback.objects.update(state=FeedbackState.ANSWERED)
        for one in (feedback, urgent):
            page = browser.get(page_of(one)).content.decode()
            assert "We read every message" not in page
            assert "a person will look at it before" not in page

    def test_is_rated_once_it_is_over(self, browser: Client) -> None:
        feedback = said("hi").feedback
        rating = page_of(feedback) + "/rating"
        assert browser.post(rating, {"score": "5"}).status_code == 422
        show_state(feedback, FeedbackState.SOLVED)
        assert browser.post(rating, {"score": "9"}).status_code == 422
        assert browser.post(rating, {"score": "5", "comment": "谢谢"}).status_code == 303
        assert feedback.ratings.get().comment == "谢谢"

    def test_does_not_call_solved_what_was_just_said_not_to_be(self, browser: Client) -> None:
        feedback = said("hi").feedback
        show_state(feedback, FeedbackState.SOLVED)
        assert "Not solved?" in browser.get(page_of(feedback)).content.decode()
        answer = browser.post(page_of(feedback) + "/messages", {"text": "still broken"})
        added = browser.get(answer["Location"]).content.decode()
        assert "We look at it again." in added
        assert "Not solved?" not in added
        assert 'id="rating"' not in added
        assert ">Solved<" not in added

    def test_sends_files_to_be_saved(self, browser: Client) -> None:
        write(browser, "look", attachments=[SimpleUploadedFile("a.html", b"<script>alert(1)</script>")])
        feedback, file = Feedback.objects.get(), Attachment.objects.get()
        path = f"{page_of(feedback)}/files/{file.public_id}"
        assert path in browser.get(page_of(feedback)).content.decode()
        answer = browser.get(path)
        assert answer["Content-Disposition"].startswith("attachment")
        other = said("another").feedback
        assert browser.get(f"{page_of(other)}/files/{file.public_id}").status_code == 404

    def test_leads_back_to_everything_that_was_said(self, browser: Client) -> None:
        feedback = said("the first of all").feedback
        for number in range(60):
            record_answer(feedback, text=f"answer {number}.", author=None, author_name="Ana", at=NOON)
        newest = browser.get(page_of(feedback)).content.decode()
        assert "the first of all" not in newest
        link = re.search(r'href="(\?before=[^"]+)"', newest)
        assert link
        earlier = browser.get(page_of(feedback) + link[1]).content.decode()
        assert "the first of all" in earlier
        assert "answer 9." in earlier
        assert "answer 10." not in earlier
        assert "?before=" not in earlier

    @pytest.mark.parametrize("before", ["x", "7b0f5c1e-3f43-4d0b-9d57-0d0c5a7b9a11"])
    def test_shows_nothing_before_what_is_not_in_it(self, browser: Client, before: str) -> None:
        feedback, other = said("mine").feedback, said("of another").message
        for asked in (before, str(other.public_id)):
            page = browser.get(f"{page_of(feedback)}?before={asked}")
            assert page.status_code == 200
            assert "of another" not in page.content.decode()

    def test_leads_to_what_is_handled_together_only_whom_both_belong_to(self, browser: Client) -> None:
        kim = User.objects.create_user("kim")
        kept, gone = said("kept").feedback, said("gone").feedback
        handle_with(gone, kept)
        Customer.objects.filter(pk=kept.customer_id).update(user=kim)
        for one, other in ((gone, kept), (kept, gone)):
            assert page_of(other) not in browser.get(page_of(one)).content.decode()
        browser.force_login(kim)
        for one, other in ((gone, kept), (kept, gone)):
            assert page_of(other) in browser.get(page_of(one)).content.decode()

    def test_costs_the_same_however_long_it_is(self, browser: Client, django_assert_num_queries: Any) -> None:
        feedback = said("hi").feedback
        for number in range(5):
            record_answer(feedback, text=str(number), author=None, author_name="Ana", at=NOON)
        with django_assert_num_queries(6):
            browser.get(page_of(feedback))


class TestLanguage:
    def test_is_chosen_by_a_link_and_kept(self, browser: Client) -> None:
        page = browser.get("/?language=zh-hans")
        assert b'<html lang="zh-hans">' in page.content
        assert b'<html lang="zh-hans">' in browser.get("/").content
        assert b'<html lang="en">' in browser.get("/?language=en").content
        assert browser.get("/?language=xx").status_code == 200

    def test_follows_the_browser(self, browser: Client) -> None:
        assert b'<html lang="zh-hans">' in browser.get("/", headers={"Accept-Language": "zh-CN"}).content


class TestEveryPage:
    @pytest.mark.parametrize("path", ["/", "/submit", "/nothing", "/problems/too_deep", "/api/docs/"])
    def test_needs_nothing_from_elsewhere(self, browser: Client, path: str) -> None:
        page = browser.get(path).content.decode()
        outside = [
            url for url in re.findall(r'(?:src|href)="([^"]+)"', page) if url.startswith(("http", "//"))
        ]
        assert outside == []
        assert not re.search(r"<style|<script(?![^>]*src=)|\son\w+=|style=", page)

    def test_of_an_error_is_ours(self, browser: Client) -> None:
        assert browser.get("/nothing").status_code == 404
        assert b"earshot.css" in browser.get("/nothing").content
        browser.raise_request_exception = False
        assert browser.get("/problems/nothing").status_code == 404

    def test_is_named(self) -> None:
        assert (reverse("home"), reverse("submit")) == ("/", "/submit")
