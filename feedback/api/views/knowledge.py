"""Help articles, known problems, and reporting "me too"."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kit.documentation import documented
from config.kit.fields import read
from config.kit.languages import is_foreign
from config.kit.naming import page_language
from config.kit.parsers import StrictJSONParser
from feedback.analysis.meaning import meaning_of
from feedback.api import knowledge_documentation as documentation
from feedback.api.knowledge_serializers import (
    ArticleOut,
    ArticleQueryIn,
    KnownProblemOut,
    QuestionIn,
    ReportIn,
)
from feedback.api.known_problems import ProblemNotKnown, report, told_problem
from feedback.api.receipts import answer
from feedback.api.requests import fields_of, key_in, raw_of, sender_in
from feedback.api.serializers import submission_of
from feedback.api.throttles import QuestionThrottle, SubmitView
from feedback.knowledge.ranking import Reader
from feedback.knowledge.recommend import Answer, Question, articles_for, problems_for
from feedback.knowledge.services import published_article, wording_for
from feedback.knowledge.suggesting import MOST_PROBLEMS
from users.accounts.models import Scope
from users.api.policies import Audience, Policy


@documented(post=documentation.KNOWN_PROBLEMS)
class KnownProblems(APIView):
    """Known problems that a text may be about. Nothing is stored, and no customer's words are returned."""

    parser_classes = [StrictJSONParser]
    throttle_classes = [QuestionThrottle]
    policies = {"POST": Policy(Audience.ANYBODY, Scope.WRITE_FEEDBACK)}

    def post(self, request: Request) -> Response:
        """Find the known problems that a text may be about.

        Nothing is stored, and no customer's words are returned.
        """
        given = read(QuestionIn, fields_of(request))
        text = given["text"]
        reader = Reader(given.get("language") or page_language())
        question = Question(text, meaning_of(text))
        found = problems_for(question, reader, most=MOST_PROBLEMS, at=timezone.now())
        return Response({"results": KnownProblemOut(found, many=True).data})


@documented(post=documentation.REPORT)
class Reports(SubmitView):
    parser_classes = [StrictJSONParser]
    policies = {"POST": Policy(Audience.ANYBODY, Scope.WRITE_FEEDBACK)}

    def post(self, request: Request, problem_id: UUID) -> Response:
        """Report that you have a known problem, too."""
        at = timezone.now()
        try:
            problem = told_problem(problem_id, at=at)
        except ProblemNotKnown as refusal:
            raise Http404 from refusal
        given = read(ReportIn, fields_of(request))
        sender = sender_in(request, named=given.get("customer"), at=at)
        key = key_in(request, sender.principal)
        submission = submission_of(given, files=(), raw=raw_of(request))
        language = given.get("language") or page_language()
        return answer(report(sender, problem, submission, language=language, at=at, key=key))


@documented(get=documentation.ARTICLES)
class Articles(APIView):
    throttle_classes = [QuestionThrottle]
    policies = {"GET": Policy(Audience.ANYBODY, Scope.READ_FEEDBACK)}

    def get(self, request: Request) -> Response:
        """Search published articles, best match first."""
        asked = read(ArticleQueryIn, request.query_params.dict())
        reader = Reader(asked.get("language") or page_language(), platform=asked.get("platform", ""))
        question = Question(asked["query"], meaning_of(asked["query"]))
        found = articles_for(question, reader, most=asked["limit"])
        return Response({"results": ArticleOut(found, many=True).data})


@documented(get=documentation.ARTICLE)
class OneArticle(APIView):
    policies = {"GET": Policy(Audience.ANYBODY, Scope.READ_FEEDBACK)}

    def get(self, request: Request, slug: str) -> Response:
        """Get an article in the caller's language.

        It is returned in another language if there is none in the caller's.
        """
        article, wanted = published_article(slug), page_language()
        if article is None:
            raise Http404
        text = wording_for(article, wanted)
        found = Answer(article, text, 0.0, is_foreign(text.language, wanted), was_read=False)
        return Response(ArticleOut(found).data)
