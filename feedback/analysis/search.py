"""Maintain and query the search index of messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import Func, QuerySet, Value

from feedback.analysis.lexemes import codes, lexemes
from feedback.analysis.models import MessageSearch
from feedback.analysis.texts import full_text
from feedback.intake.models import Message


class Asked(SearchQuery):
    """A query built by ``feedback.analysis.lexemes.read_query``: its lexemes are compared unchanged.

    Django's own search types all parse the query again, and would split an order number at its hyphen.
    """

    def __init__(self, tsquery: str) -> None:
        super().__init__(tsquery, search_type="raw")
        self.tsquery = tsquery

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        return "%s::tsquery", [self.tsquery]


class Lexemes(Func):
    """The lexemes of a text as a search vector, without further parsing or stemming."""

    template = "array_to_tsvector(%(expressions)s::text[])"
    output_field = SearchVectorField()

    def __init__(self, text: str) -> None:
        super().__init__(Value(lexemes(text)))


def index_messages(messages: Sequence[Message]) -> None:
    """Index ``messages`` (loaded with their feedback) for search; indexing again changes nothing. One query."""
    rows = [_row(message) for message in messages if message.erased_at is None]
    MessageSearch.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["message"], update_fields=["words", "codes"]
    )


def unindexed() -> QuerySet[Message]:
    """Return the messages that are missing from the search index."""
    return Message.objects.filter(search=None, erased_at=None)


def _row(message: Message) -> MessageSearch:
    text = full_text(message)
    words: Any = Lexemes(text)
    return MessageSearch(message=message, words=words, codes=codes(text))
