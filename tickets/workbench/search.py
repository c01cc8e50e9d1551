"""Search tickets by number, person and message text: one list, best match first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.db.models import F, QuerySet

from config.kit.text import clean_line
from feedback.analysis.lexemes import Query, read_query
from feedback.analysis.meaning import meaning_of
from feedback.analysis.models import MessageSearch
from feedback.analysis.nearest import Near, nearest
from feedback.analysis.search import Asked
from feedback.intake.folding import fold
from feedback.intake.models import Feedback, Message
from tickets.desk.models import Ticket
from tickets.workbench.inbox import Row, for_rows, rows_of
from tickets.workbench.shown_text import Piece, pieces_of
from users.accounts.models import User
from users.profiles.models import Address, AddressKind, Customer
from users.profiles.services import normalised

MOST_FOUND = 50
#: How many of the newest hits are ranked; to find an older one, add a word.
MOST_RANKED = 300
#: How many of the newest messages are scanned; it takes some 10 ms.
NEWEST_WALKED = 20_000
#: How many older hits are considered, before those the user may not read are removed.
MOST_OLDER = 1_000
#: A query is short, and short texts are near to many: below this cosine only the words are alike, not the meaning.
MEANS_FROM = 0.5
MOST_MEANT = 20
#: A shorter prefix would match too many addresses.
FEWEST_LETTERS, FEWEST_DIGITS = 3, 6
LAST_CHARACTER = "\U0010ffff"
_PHONE = re.compile(r"[+\d][\d ()/-]+")
SNIPPET_BEFORE, SNIPPET_LENGTH = 40, 220


class Match(IntEnum):
    """How a ticket was found; the highest value comes first in the list."""

    MEANING = 0
    WORDS = 1
    FRAGMENT = 2
    PHRASE = 3
    PERSON = 4
    NUMBER = 5


@dataclass(frozen=True)
class Found:
    """A ticket found: ``pieces`` is the excerpt with the query marked, empty if it was not found by a message.

    ``percent`` is the similarity of a match by meaning, 0 for other matches.
    """

    row: Row
    match: Match
    pieces: list[Piece]
    percent: int = 0


@dataclass(frozen=True)
class _Hit:
    match: Match
    message_id: int
    cosine: float = 0.0


def search(text: str, user: User, *, at: datetime) -> list[Found]:
    """Return the tickets matching ``text`` that ``user`` may read, the best match first, then the newest.

    Matches by meaning alone, in any language, come last, the most similar first. At most MOST_FOUND tickets. At most
    eighteen queries, none of which reads more than its index entries.
    """
    query = read_query(clean_line(text))
    if not query.phrase:
        return []
    hits: dict[int, _Hit] = {}
    for match, pairs in (
        (Match.NUMBER, _by_number(query, user)),
        (Match.PERSON, _by_person(query, user)),
        (Match.FRAGMENT, _by_fragment(query, user)),
        (Match.WORDS, _by_words(query, user)),
    ):
        for ticket_id, message_id in pairs:
            known = hits.get(ticket_id)
            if known is None:
                hits[ticket_id] = _Hit(match, message_id)
            elif not known.message_id and message_id:
                hits[ticket_id] = _Hit(known.match, message_id)
    if len(hits) < MOST_FOUND and query.number is None and not query.fragment:
        for ticket_id, near in _by_meaning(text, user):
            hits.setdefault(ticket_id, _Hit(Match.MEANING, near.message_id, near.cosine))
    return _ranked(hits, query, user, at=at)


def _ranked(hits: dict[int, _Hit], query: Query, user: User, *, at: datetime) -> list[Found]:
    texts = dict(
        Message.objects.filter(pk__in={hit.message_id for hit in hits.values()}).values_list("pk", "text")
    )
    matches = {
        ticket_id: Match.PHRASE
        if hit.match == Match.WORDS and query.phrase in fold(texts.get(hit.message_id, "")).text
        else hit.match
        for ticket_id, hit in hits.items()
    }
    order = sorted(
        hits,
        key=lambda one: (-matches[one], -round(hits[one].cosine, 6), -hits[one].message_id, -one),
    )
    chosen = order[:MOST_FOUND]
    tickets = {ticket.pk: ticket for ticket in for_rows(Ticket.objects.filter(pk__in=chosen), user)}
    rows = {row.ticket.pk: row for row in rows_of([tickets[ticket_id] for ticket_id in chosen], at=at)}
    return [
        Found(
            rows[one],
            matches[one],
            excerpt(texts.get(hits[one].message_id, ""), query.terms),
            percent=round(hits[one].cosine * 100),
        )
        for one in chosen
    ]


def _by_number(query: Query, user: User) -> Iterable[tuple[int, int]]:
    if query.number is None:
        return []
    named = Ticket.objects.visible_to(user).filter(feedback=Feedback.key_of(query.number))
    found = named.values_list("pk", flat=True)
    return [(ticket_id, 0) for ticket_id in found]


def _by_person(query: Query, user: User) -> Iterable[tuple[int, int]]:
    """Find the tickets of customers by the prefix of an address or of a name. Three queries."""
    # Two queries, each with its own index: as one, it would read all customers.
    customers = set(_addressed(query).values_list("customer", flat=True)[:MOST_FOUND])
    if len(query.phrase) > 1 and not query.fragment:
        named = Customer.objects.filter(display_name__istartswith=query.phrase)
        customers |= set(named.values_list("pk", flat=True)[:MOST_FOUND])
    if not customers:
        return []
    found = Ticket.objects.visible_to(user).filter(feedback__customer__in=customers).order_by("-pk")
    return [(ticket_id, 0) for ticket_id in found.values_list("pk", flat=True)[:MOST_FOUND]]


def _addressed(query: Query) -> QuerySet[Address]:
    """Return the addresses that start with the query, ignoring spaces and hyphens in a phone number."""
    is_phone = _PHONE.fullmatch(query.phrase) is not None
    typed = normalised(AddressKind.PHONE, query.phrase) if is_phone else query.phrase
    if " " in typed or len(typed) < (FEWEST_DIGITS if is_phone else FEWEST_LETTERS):
        return Address.objects.filter(normalised=typed)
    # A range in addition to LIKE, which uses the index only if the database collates by code point.
    return Address.objects.filter(
        normalised__gte=typed, normalised__lt=typed + LAST_CHARACTER, normalised__startswith=typed
    )


def _by_words(query: Query, user: User) -> Iterable[tuple[int, int]]:
    """Find messages by their words, among the newest first, then among the older ones. At most four queries.

    The planner cannot estimate how rare a word prefix is and would scan back through all messages until it found
    enough. Among the newest that is the fastest way for a frequent word; a rare one is looked up in the word index.
    """
    if not query.tsquery:
        return []
    asked = Asked(query.tsquery)
    newest = MessageSearch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    since = newest - NEWEST_WALKED
    found = list(
        _newest(user, feedback__messages__search__words=asked, feedback__messages__search__pk__gt=since)
    )
    if since <= 0 or len(found) == MOST_RANKED:
        return found
    older = MessageSearch.objects.filter(words=asked, pk__lte=since).values_list("pk", flat=True)
    # Ordering by an expression keeps the planner from scanning the primary key index.
    ids = list(older.order_by((F("pk") + 0).desc())[:MOST_OLDER])
    return [*found, *(_newest(user, feedback__messages__in=ids) if ids else [])]


def _by_fragment(query: Query, user: User) -> Iterable[tuple[int, int]]:
    if not query.fragment:
        return []
    return _newest(user, feedback__messages__search__codes__contains=query.fragment)


def _by_meaning(text: str, user: User) -> Iterable[tuple[int, Near]]:
    """Find messages that mean the same as ``text``, most similar first. At most five queries.

    Returns [] while the encoder is unavailable.
    """
    vector = meaning_of(text)
    if vector is None:
        return []
    near = {one.message_id: one for one in nearest(vector, least=MEANS_FROM)}
    found = Ticket.objects.visible_to(user).filter(feedback__messages__in=near).order_by()
    pairs = found.values_list("pk", "feedback__messages__id")
    by_likeness = sorted(pairs, key=lambda pair: (-near[pair[1]].cosine, pair))
    return [(ticket_id, near[message_id]) for ticket_id, message_id in by_likeness[:MOST_MEANT]]


def _newest(user: User, **condition: object) -> Iterable[tuple[int, int]]:
    found = Ticket.objects.visible_to(user).filter(**condition).order_by("-feedback__messages__id")
    return found.values_list("pk", "feedback__messages__id")[:MOST_RANKED]


def excerpt(text: str, terms: tuple[str, ...]) -> list[Piece]:
    """Return the part of ``text`` around the first occurrence of any of ``terms``, with all occurrences marked."""
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    for term in terms:
        start = folded.text.find(term)
        while start >= 0 and len(spans) < 200:
            spans.append(folded.span(start, start + len(term)))
            start = folded.text.find(term, start + len(term))
    first = min((start for start, _end in spans), default=0)
    begin = max(first - SNIPPET_BEFORE, 0)
    end = begin + SNIPPET_LENGTH
    within = [
        (start - begin, stop - begin, "found") for start, stop in spans if begin <= start and stop <= end
    ]
    pieces = pieces_of(text[begin:end], within)
    before = [Piece("…")] if begin else []
    after = [Piece("…")] if end < len(text) else []
    return [*before, *pieces, *after]
