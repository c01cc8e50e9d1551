from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache

from feedback.intake.links import status_link
from feedback.intake.models import Feedback, Message
from feedback.knowledge.models import ArticleState, KnownProblem, ProblemState, Report
from tests.feedback.api.calls import EVERY_SCOPE, call
from tests.feedback.knowledge.knowing import article, problem, read_all
from tests.people import NOON, said
from users.accounts.models import Role, User
from users.accounts.services import issue_token

pytestmark = pytest.mark.django_db


def token_of(name: str, role: Role) -> str:
    user = User.objects.create_user(name, email=f"{name}@example.org", role=role)
    return issue_token(user, name=name, scopes=EVERY_SCOPE, at=NOON)[1]


@pytest.fixture
def known() -> KnownProblem:
    made = problem(
        en="Uploads stop at 99 percent: We are working on it.",
        zh="上传停在99%：我们正在修复。",
        fixed_in="9.4.2",
    )
    read_all()
    return made


def reports(known: KnownProblem) -> str:
    return f"/known-problems/{known.public_id}/reports"


class TestKnownProblems:
    def ask(self, text: str, **fields: str):
        return call("POST", "/feedback/known-problems", {"text": text, **fields})

    @pytest.mark.usefixtures("encoder")
    def test_are_told_in_the_readers_language(self, known) -> None:
        (told,) = self.ask("视频上传卡在99%不动", language="zh-Hans").json()["results"]
        assert told["title"] == "上传停在99%"
        assert (told["state"], told["fixed_in"], told["id"]) == ("published", "9.4.2", str(known.public_id))

    def test_are_found_by_words_while_the_encoder_is_not_there(self, known) -> None:
        assert len(self.ask("uploads stop at 99 percent").json()["results"]) == 1
        assert self.ask("something else entirely").json()["results"] == []

    def test_tell_nobody_what_customers_wrote_or_what_is_a_draft(self, known) -> None:
        said("CANARY uploads stop at 99 percent")
        problem(state=ProblemState.DRAFT, en="CANARY uploads stop at 99 percent")
        assert "CANARY" not in self.ask("uploads stop at 99 percent").content.decode()

    def test_store_nothing(self, known) -> None:
        self.ask("uploads stop at 99 percent")
        assert not Feedback.objects.exists()

    @pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "a" * 2001}, {"text": "x", "more": 1}, []])
    def test_refuse_bad_questions(self, body) -> None:
        assert call("POST", "/feedback/known-problems", body).status_code == 422

    def test_are_asked_for_only_so_often_without_touching_the_room_for_sending(self, settings) -> None:
        cache.clear()
        settings.LIMITS = settings.LIMITS | {"anonymous_questions": "2/minute"}
        assert [self.ask("hello").status_code for _ in range(3)] == [200, 200, 429]
        assert call("POST", "/feedback", {"text": "a real message"}).status_code == 201


class TestReports:
    def test_are_feedback_of_ones_own(self, known) -> None:
        answer = call("POST", reports(known), {"customer": {"email": "kim@example.org"}})
        feedback = Feedback.objects.get()
        assert (answer.status_code, answer.json()["status_url"]) == (201, status_link(feedback))
        assert Message.objects.get().text.startswith("Me too: Uploads stop at 99 percent")
        assert Report.objects.get().problem == known

    def test_keep_what_was_added(self, known) -> None:
        call("POST", reports(known), {"text": "on my Pixel", "context": {"app_version": "9.4.1"}})
        assert (Message.objects.get().text, Feedback.objects.get().app_version) == ("on my Pixel", "9.4.1")

    def test_of_one_login_are_one(self, known) -> None:
        token = token_of("kim", Role.CUSTOMER)
        first = call("POST", reports(known), {}, token=token)
        again = call("POST", reports(known), {"text": "really!"}, token=token)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["number"] == again.json()["number"]
        assert Report.objects.count() == Feedback.objects.count() == 1

    def test_of_one_account_of_an_integration_are_one_and_of_two_are_two(self, known) -> None:
        token = token_of("shop", Role.INTEGRATION)
        for account in ("u-1", "u-1", "u-2"):
            call("POST", reports(known), {"customer": {"account": account}}, token=token)
        assert Report.objects.count() == 2

    def test_of_a_stranger_never_open_what_another_said(self, known) -> None:
        """Whoever types kim's address must not be given kim's link; kim is still counted once."""
        bodies = [{"customer": {"email": "kim@example.org"}}] * 2
        first, second = (call("POST", reports(known), body).json() for body in bodies)
        assert first["status_url"] != second["status_url"]
        assert Report.objects.values("feedback__customer").distinct().count() == 1

    def test_with_the_same_key_are_one(self, known) -> None:
        key = str(uuid.uuid4())
        assert [call("POST", reports(known), {}, key=key).status_code for _ in range(2)] == [201, 200]
        assert Report.objects.count() == 1

    def test_of_a_draft_and_of_nothing_are_refused_alike(self, known) -> None:
        draft = problem(state=ProblemState.DRAFT, en="secret")
        for path in (reports(draft), f"/known-problems/{uuid.uuid4()}/reports"):
            assert call("POST", path, {}).status_code == 404
        assert not Feedback.objects.exists()


class TestArticles:
    @pytest.fixture(autouse=True)
    def articles(self) -> None:
        article("password", en="Reset your password: Tap **forgotten**.", zh="重置密码：点击忘记密码。")
        article("secret", state=ArticleState.DRAFT, en="Password rules for staff")

    def test_are_found_in_the_language_asked_for(self) -> None:
        (found,) = call("GET", "/articles?query=password+reset&language=zh-Hans").json()["results"]
        assert (found["slug"], found["language"], found["is_foreign"]) == ("password", "zh-Hans", False)
        assert found["url"].endswith("/help/password")

    @pytest.mark.parametrize("query", ["", "query=", "query=x&limit=99", "query=x&language=!"])
    def test_refuse_bad_questions(self, query: str) -> None:
        assert call("GET", f"/articles?{query}").status_code == 422

    def test_are_read_one_by_one(self) -> None:
        read = call("GET", "/articles/password", **{"Accept-Language": "zh-Hans"})
        assert read.json()["title"] == "重置密码"
        for absent in ("secret", "nothing", "%00", "上传"):
            assert call("GET", f"/articles/{absent}").status_code == 404, absent
