"""Tickets and summaries for programs of our people: to read. Changes go through the admin's services."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kit.caching import NOT_KEPT
from config.kit.documentation import documented
from config.kit.pagination import newest_first
from tickets.api import documentation
from tickets.api.reading import crisis_queue_for, whole
from tickets.api.serializers import CrisisQueueOut, TicketOut, WholeTicketOut
from tickets.desk.models import Status, Ticket, TicketQuerySet
from tickets.summaries.comparing import as_json as comparison_as_json
from tickets.summaries.comparing import compare_summaries
from tickets.summaries.exports import as_head, as_json
from tickets.summaries.models import Summary
from users.accounts.models import Scope
from users.api.policies import Audience, Policy, login_of

READ = Policy(Audience.STAFF, Scope.READ_TICKETS)
READ_SUMMARIES = Policy(Audience.STAFF, Scope.READ_SUMMARIES)


def visible(request: Request) -> TicketQuerySet:
    """Return the tickets that the caller may read, with what is shown of each."""
    return Ticket.objects.visible_to(login_of(request)).select_related(
        "feedback", "queue", "assignee", "merged_into"
    )


@documented(get=documentation.LIST)
class Tickets(APIView):
    policies = {"GET": READ}

    def get(self, request: Request) -> Response:
        """List tickets, newest first; by status, queue or assignee (a name, or ``none``) if asked."""
        tickets, query = visible(request), request.query_params
        if status := query.get("status"):
            if status not in Status.values:
                raise ValidationError(
                    {"status": [_("Known are: %(known)s.") % {"known": ", ".join(Status.values)}]},
                    code="unknown",
                )
            tickets = tickets.filter(status=status)
        if queue := query.get("queue"):
            tickets = tickets.filter(queue__slug=without_nul(queue))
        if assignee := query.get("assignee"):
            named = (
                {"assignee": None} if assignee == "none" else {"assignee__username": without_nul(assignee)}
            )
            tickets = tickets.filter(**named)
        page = newest_first(tickets, request)
        return Response(
            {"results": TicketOut(page.rows, many=True).data, "next": page.next}, headers=NOT_KEPT
        )


def without_nul(text: str) -> str:
    """Return ``text`` as PostgreSQL can compare it; nothing is named with a NUL."""
    return text.replace("\x00", "")


@documented(get=documentation.READ)
class OneTicket(APIView):
    policies = {"GET": READ}

    def get(self, request: Request, *, ticket_id: UUID) -> Response:
        """Show a ticket with its conversation and history, internal notes included."""
        ticket = visible(request).filter(public_id=ticket_id).first()
        if ticket is None:
            raise Http404
        return Response(WholeTicketOut(whole(ticket)).data, headers=NOT_KEPT)


@documented(get=documentation.CRISIS)
class Crisis(APIView):
    policies = {"GET": READ}

    def get(self, request: Request) -> Response:
        """Show the crisis queue: who waits since when, and what happens next."""
        return Response(CrisisQueueOut(crisis_queue_for(login_of(request))).data, headers=NOT_KEPT)


@documented(get=documentation.LIST_SUMMARIES)
class Summaries(APIView):
    policies = {"GET": READ_SUMMARIES}

    def get(self, request: Request) -> Response:
        """List summaries, the newest first; drafts for product leads only."""
        page = newest_first(Summary.objects.visible_to(login_of(request)), request)
        shown = {"results": [as_head(summary) for summary in page.rows], "next": page.next}
        return Response(shown, headers=NOT_KEPT)


@documented(get=documentation.READ_SUMMARY)
class OneSummary(APIView):
    policies = {"GET": READ_SUMMARIES}

    def get(self, request: Request, *, summary_id: UUID) -> Response:
        """Show a whole summary: its pain points with numbers and quotes."""
        summary = Summary.objects.visible_to(login_of(request)).filter(public_id=summary_id).first()
        if summary is None:
            raise Http404
        return Response(as_json(summary), headers=NOT_KEPT)


@documented(get=documentation.COMPARE_SUMMARIES)
class ComparedSummaries(APIView):
    policies = {"GET": READ_SUMMARIES}

    def get(self, request: Request, *, summary_id: UUID, other_id: UUID) -> Response:
        """Compare two summaries theme by theme: people, share and rank before and after, what is new and gone."""
        readable = Summary.objects.visible_to(login_of(request)).filter(public_id__in=[summary_id, other_id])
        found = {summary.public_id: summary for summary in readable}
        if summary_id not in found or other_id not in found:
            raise Http404
        before, after = found[summary_id], found[other_id]
        told = comparison_as_json(before, after, compare_summaries(before, after))
        return Response(told, headers=NOT_KEPT)
