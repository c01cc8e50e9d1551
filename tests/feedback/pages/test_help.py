from __future__ import annotations

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from feedback.intake.models import Feedback, Message
from feedback.knowledge.models import ArticleState, KnownProblem, Opinion, Report
from tests.feedback.knowledge.knowing import article, problem
from tests.feedback.pages.test_pages import hidden, write
from tests.people import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """Return a browser that minds CSRF."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def known() -> KnownProblem:
    return problem(en="Uploads stop at 99 percent", zh="上传停在99%")


class TestSubmitting:
    """Without a script: the form asks once whether it is a known problem."""

    def test_asks_before_anything_is_stored(self, browser, known) -> None:
        page = write(browser, "uploads stop at 99 percent here")
        html = page.content.decode()
        assert (page.status_code, Feedback.objects.count()) == (200, 0)
        assert "uploads stop at 99 percent here" in html
        assert "not sent yet" in html
        assert f'name="known" value="{known.public_id}"' in html

    def test_takes_it_when_it_was_asked(self, browser, known) -> None:
        assert write(browser, "uploads stop at 99 percent here", asked="1").status_code == 303
        assert not Report.objects.exists()

    def test_takes_a_me_too_with_what_was_written(self, browser, known) -> None:
        answer = write(browser, "uploads stop at 99 percent here", known=str(known.public_id))
        assert answer.status_code == 303
        assert Message.objects.get().text == "uploads stop at 99 percent here"
        assert Report.objects.get().problem == known

    def test_takes_a_me_too_without_a_word(self, browser, known) -> None:
        write(browser, "", known=str(known.public_id))
        assert Message.objects.get().text == "Me too: Uploads stop at 99 percent"

    def test_takes_a_me_too_from_a_form_that_was_sent_before(self, browser, known) -> None:
        token, key = (hidden(browser.get("/submit").content, name) for name in ("csrfmiddlewaretoken", "key"))
        form = {"csrfmiddlewaretoken": token, "key": key, "asked": "1"}
        browser.post("/submit", form | {"text": "my words"})
        for _ in range(2):
            assert browser.post("/submit", form | {"known": str(known.public_id)}).status_code == 303
        assert Feedback.objects.count() == 2

    def test_keeps_the_text_when_the_problem_is_gone(self, browser) -> None:
        page = write(browser, "my words", known="0f8fad5b-d9cb-469f-a165-70867728950e")
        assert page.status_code == 422
        assert "my words" in page.content.decode()

    def test_never_holds_up_danger_or_files(self, browser, known) -> None:
        danger = "uploads stop at 99 percent and I want to kill myself"
        assert write(browser, danger).status_code == 303
        file = SimpleUploadedFile("a.txt", b"x")
        assert write(browser, "uploads stop at 99 percent", attachments=file).status_code == 303

    def test_does_not_ask_about_another_matter(self, browser, known) -> None:
        assert write(browser, "please add a dark theme").status_code == 303


class TestSuggestions:
    def ask(self, browser: Client, text: str):
        token = hidden(browser.get("/submit").content, "csrfmiddlewaretoken")
        return browser.post("/suggestions", {"text": text, "csrfmiddlewaretoken": token})

    def test_name_what_is_known_in_the_readers_language(self, browser, known) -> None:
        article("upload", zh="视频上传卡住怎么办", en="When uploads stop at 99 percent")
        browser.get("/?language=zh-hans")
        html = self.ask(browser, "上传停在99%").content.decode()
        assert "上传停在99%" in html
        assert "/help/upload" in html

    def test_never_show_what_customers_wrote(self, browser, known) -> None:
        said("CANARY uploads stop at 99 percent")
        assert "CANARY" not in self.ask(browser, "uploads stop at 99 percent").content.decode()

    def test_are_silent_for_whoever_asks_too_often(self, browser, known, settings) -> None:
        cache.clear()
        settings.LIMITS = settings.LIMITS | {"anonymous_questions": "1/minute"}
        assert self.ask(browser, "uploads stop").status_code == 200
        assert self.ask(browser, "uploads stop").status_code == 204


class TestHelp:
    def test_lists_what_is_published(self, browser, known) -> None:
        article("password", en="Reset your password", zh="重置密码")
        article("secret", state=ArticleState.DRAFT, en="CANARY")
        html = browser.get("/help/").content.decode()
        assert "Reset your password" in html
        assert "Uploads stop at 99 percent" in html
        assert "CANARY" not in html
        assert "重置密码" in browser.get("/help/?language=zh-hans").content.decode()

    def test_finds_by_words(self, browser) -> None:
        article("password", en="Reset your password")
        article("refund", en="How to get a refund")
        html = browser.get("/help/?q=password+reset").content.decode()
        assert "/help/password" in html
        assert "/help/refund" not in html

    def test_costs_the_same_however_many_there_are(self, browser, django_assert_max_num_queries) -> None:
        article("one", en="One")
        with django_assert_max_num_queries(4) as few:
            browser.get("/help/")
        for number in range(5):
            article(f"more-{number}", en="More", zh="更多")
        with django_assert_max_num_queries(len(few)):
            browser.get("/help/")


class TestArticle:
    def test_shows_it_safely_in_the_readers_language(self, browser) -> None:
        article("password", en="Reset: **Tap** <script>alert(1)</script>", zh="重置密码：点击")
        html = browser.get("/help/password").content.decode()
        assert "<strong>Tap</strong> &lt;script&gt;" in html
        assert "重置密码" in browser.get("/help/password?language=zh-hans").content.decode()

    def test_says_when_it_is_in_another_language_only(self, browser) -> None:
        article("password", zh="重置密码：点击")
        assert "in another language only" in browser.get("/help/password").content.decode()

    def test_is_absent_when_it_is_a_draft(self, browser) -> None:
        article("secret", state=ArticleState.DRAFT, en="CANARY")
        assert browser.get("/help/secret").status_code == 404


class TestOpinion:
    @pytest.fixture(autouse=True)
    def _article(self) -> None:
        article("payout", en="Payouts: Ten days.", zh="提现：十天。")

    def say(self, browser: Client, helped: str, language: str = "en"):
        token = hidden(browser.get("/help/payout").content, "csrfmiddlewaretoken")
        form = {"csrfmiddlewaretoken": token, "helped": helped, "language": language}
        return browser.post("/help/payout/opinion", form)

    def test_is_counted_for_the_wording_that_was_read(self, browser) -> None:
        answer = self.say(browser, "yes", "zh-Hans")
        assert (answer.status_code, answer["Location"]) == (303, "/help/payout?helped=yes")
        counted = Opinion.objects.get()
        assert (counted.text.language, counted.helped_count, counted.not_helped_count) == ("zh-Hans", 1, 0)

    def test_is_counted_once_a_day_and_thanked_for_each_time(self, browser, settings) -> None:
        cache.clear()
        settings.LIMITS = settings.LIMITS | {"article_opinions": "1/day"}
        for helped in ("no", "no", "yes"):
            assert self.say(browser, helped).status_code == 303
        assert Opinion.objects.get().not_helped_count == 1
        assert Opinion.objects.get().helped_count == 0

    def test_that_it_did_not_help_leads_to_a_person(self, browser) -> None:
        assert 'href="/submit"' in browser.get("/help/payout?helped=no").content.decode()

    def test_of_nothing_is_refused(self, browser) -> None:
        assert self.say(browser, "maybe").status_code == 404
        assert Client().post("/help/absent/opinion", {"helped": "yes"}).status_code == 404


class TestMeTooOnTheHelpPage:
    def test_opens_the_form_with_the_problem(self, browser, known) -> None:
        link = f"/submit?problem={known.public_id}"
        assert link in browser.get("/help/").content.decode()
        page = browser.get(link).content.decode()
        assert f'name="known" value="{known.public_id}"' in page
        assert "Uploads stop at 99 percent" in page

    @pytest.mark.parametrize("problem_id", ["x", "00000000-0000-4000-8000-000000000000"])
    def test_is_an_ordinary_form_for_a_problem_of_nothing(self, browser, problem_id) -> None:
        page = browser.get(f"/submit?problem={problem_id}")
        assert (page.status_code, b'name="known"' in page.content) == (200, False)
