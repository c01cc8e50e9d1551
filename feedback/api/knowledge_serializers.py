"""Serializers of the endpoints on articles and known problems."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.kit.fields import LanguageTag, Line, StrictSerializer, Text
from config.kit.routes import absolute
from feedback.api.serializers import ContextIn, CustomerIn, MessageIn
from feedback.knowledge.recommend import Answer, Known

MOST_QUESTION = 2000
MOST_ARTICLES = 10


class QuestionIn(StrictSerializer):
    """A text to compare with known problems; it is not stored."""

    text = Text(max_length=MOST_QUESTION, help_text="What somebody is about to tell us.")
    language = LanguageTag(required=False, help_text="Of the reader; else Accept-Language.")


class ReportIn(MessageIn):
    """Who has the problem too, and what they want to add. All fields are optional; a short default text is stored
    if none is given."""

    language = LanguageTag(required=False)
    customer = CustomerIn(required=False)
    context = ContextIn(required=False)  # type: ignore[assignment]


class ArticleQueryIn(StrictSerializer):
    """A search for help articles."""

    query = Line(max_length=300)
    language = LanguageTag(required=False)
    platform = Line(max_length=40, required=False, allow_blank=True)
    limit = serializers.IntegerField(min_value=1, max_value=MOST_ARTICLES, default=5)


class KnownProblemOut(serializers.Serializer[Any]):
    """A known problem, and where to report it."""

    id = serializers.UUIDField(source="problem.public_id")
    title = serializers.CharField(source="text.title")
    text = serializers.CharField(source="text.body", help_text="Markdown.")
    language = serializers.CharField(
        source="text.language", help_text="Another than asked for when we have no other."
    )
    state = serializers.CharField(
        source="problem.state", help_text="``published`` (being worked on) or ``resolved``."
    )
    since = serializers.DateField(source="problem.since")
    fixed_in = serializers.CharField(source="problem.fixed_in", help_text="Empty until it is certain.")
    report_url = serializers.SerializerMethodField(help_text="POST here to say “me too”.")

    @extend_schema_field(OpenApiTypes.URI)
    def get_report_url(self, known: Known) -> str:
        return absolute("known-problem-reports", known.problem.public_id)


class KnownProblemsOut(serializers.Serializer[Any]):
    results = KnownProblemOut(many=True)


class ArticleOut(serializers.Serializer[Any]):
    """A help article."""

    slug = serializers.CharField(source="article.slug")
    title = serializers.CharField(source="text.title")
    text = serializers.CharField(source="text.body", help_text="Markdown.")
    language = serializers.CharField(source="text.language")
    is_foreign = serializers.BooleanField(help_text="True when there is none in the language asked for.")
    topic = serializers.CharField(source="article.topic")
    tags = serializers.ListField(source="article.tags", child=serializers.CharField())
    url = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, answer: Answer) -> str:
        return absolute("help-article", answer.article.slug)


class ArticlesOut(serializers.Serializer[Any]):
    results = ArticleOut(many=True)
