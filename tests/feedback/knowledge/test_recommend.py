from __future__ import annotations

from datetime import timedelta

import pytest

from feedback.analysis.encoder import encode_gist
from feedback.knowledge.models import ArticleState, ProblemState
from feedback.knowledge.ranking import Reader
from feedback.knowledge.recommend import Question, articles_for, problems_for
from tests.feedback.knowledge.knowing import article, problem, read_all
from tests.people import NOON

pytestmark = pytest.mark.django_db


def asked(text: str) -> Question:
    return Question(text, encode_gist([text])[0])


@pytest.fixture
def articles() -> None:
    article("password", en="Reset your password: Tap forgotten password.", zh="重置密码：点击忘记密码。")
    article(
        "refund", en="How to get a refund: Open your orders and choose refund.", zh="如何退款：打开订单。"
    )
    article("upload", zh="视频上传卡住怎么办：保持应用在前台。")
    article("secret", state=ArticleState.DRAFT, en="Refund rules for staff: nobody may read this.")
    read_all()


@pytest.mark.usefixtures("articles")
class TestArticlesFor:
    @pytest.mark.parametrize(
        ("question", "language", "slug"),
        [
            ("I can't remember my password", "en", "password"),
            ("我忘记密码了，登录不上", "zh-Hans", "password"),
            ("I want my money back for this order", "en", "refund"),
            ("视频传到一半不动了", "zh-Hans", "upload"),
        ],
    )
    def test_finds_what_answers_the_question(self, question: str, language: str, slug: str) -> None:
        found = articles_for(asked(question), Reader(language), most=3)
        assert (found[0].article.slug, found[0].is_foreign) == (slug, False)
        assert found[0].text.language == language

    def test_finds_across_languages_and_says_so(self) -> None:
        found = articles_for(asked("my video upload is stuck"), Reader("en"), most=3)
        assert (found[0].article.slug, found[0].is_foreign) == ("upload", True)

    def test_finds_by_words_without_a_vector(self) -> None:
        assert [a.article.slug for a in articles_for(Question("password reset"), Reader("en"), most=3)] == [
            "password"
        ]

    def test_finds_nothing_for_another_matter(self) -> None:
        assert articles_for(asked("what a lovely sunset over the mountains"), Reader("en"), most=3) == []

    def test_never_shows_a_draft(self) -> None:
        for question in (asked("refund rules for staff"), Question("refund rules for staff")):
            assert "secret" not in [a.article.slug for a in articles_for(question, Reader("en"), most=9)]

    @pytest.mark.parametrize("hostile", ["' | 'x", "\\", "&|!():*", "'; drop table x; --", "a" * 5000])
    def test_takes_any_text(self, hostile: str) -> None:
        articles_for(Question(hostile), Reader("en"), most=3)

    def test_costs_three_queries_however_many_there_are(self, django_assert_max_num_queries) -> None:
        with django_assert_max_num_queries(3):
            articles_for(asked("refund my password"), Reader("en"), most=3)


class TestProblemsFor:
    def found(self, text: str, *, at=NOON):
        return problems_for(asked(text), Reader("en"), most=3, at=at)

    def test_finds_what_is_known(self) -> None:
        known = problem(en="Uploads stop at 99 percent", zh="上传停在99%")
        problem(en="Payouts are late")
        read_all()
        found = self.found("my upload hangs at 99%")
        assert [one.problem for one in found] == [known]
        assert found[0].text.title == "Uploads stop at 99 percent"

    def test_tells_of_a_solved_one_for_a_month(self) -> None:
        problem(state=ProblemState.RESOLVED, en="Uploads stop at 99 percent")
        read_all()
        assert self.found("my upload stops at 99%", at=NOON + timedelta(days=29))
        assert not self.found("my upload stops at 99%", at=NOON + timedelta(days=31))

    def test_tells_nobody_of_a_draft(self) -> None:
        problem(state=ProblemState.DRAFT, en="Uploads stop at 99 percent")
        read_all()
        assert self.found("my upload stops at 99%") == []
