"""API of tickets and summaries for staff; changes go through the same services as at the desk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kit.caching import NOT_KEPT
from config.kit.documentation import documented
from config.kit.fields import read
from config.kit.pagination import newest_first
from config.kit.parsers import BoundedMultiPartParser
from config.kit.routes import absolute
from config.kit.text import digest
from feedback.api.downloads import download_from
from feedback.api.requests import key_in
from feedback.intake.incoming import IncomingFile
from feedback.intake.services import IdempotencyKey
from tickets.api import documentation
from tickets.api.reading import crisis_queue_for, moment, whole
from tickets.api.serializers import (
    ActionIn,
    CrisisQueueOut,
    DraftFileOut,
    NoteIn,
    RepliedOut,
    ReplyIn,
    TicketEventOut,
    TicketOut,
    WholeTicketOut,
)
from tickets.desk.drafts import add_draft_file, remove_draft_file
from tickets.desk.merging import threads_of
from tickets.desk.models import Status, Ticket, TicketQuerySet
from tickets.mentions.services import write_note
from tickets.replies.canned import customer_language
from tickets.replies.services import reply
from tickets.summaries.comparing import as_json as comparison_as_json
from tickets.summaries.comparing import compare_summaries
from tickets.summaries.exports import as_head, as_json
from tickets.summaries.models import Summary
from tickets.workbench.actions import Asked, act
from users.accounts.models import Scope, User
from users.api.policies import Audience, Policy, login_of

READ = Policy(Audience.STAFF, Scope.READ_TICKETS)
WRITE = Policy(Audience.STAFF, Scope.WRITE_TICKETS)
READ_SUMMARIES = Policy(Audience.STAFF, Scope.READ_SUMMARIES)


def visible(request: Request) -> TicketQuerySet:
    """Return the tickets that the caller may read, with the relations shown of each."""
    return Ticket.objects.visible_to(login_of(request)).select_related(
        "feedback__channel", "feedback__customer", "queue", "assignee", "merged_into"
    )


@documented(get=documentation.LIST)
class Tickets(APIView):
    policies = {"GET": READ}

    def get(self, request: Request) -> Response:
        """List tickets, newest first.

        Optionally filtered by status, queue, assignee (a user name, or ``none``) or time of the latest change.
        """
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
        if since := query.get("updated_since"):
            # All statuses named: the index ticket_by_change starts with the status.
            tickets = tickets.filter(
                status__in=Status.values, updated_at__gte=moment(since, field="updated_since")
            )
        page = newest_first(tickets, request)
        return Response(
            {"results": TicketOut(page.rows, many=True).data, "next": page.next}, headers=NOT_KEPT
        )


def without_nul(text: str) -> str:
    """Strip NUL characters, which PostgreSQL rejects and no name contains."""
    return text.replace("\x00", "")


@documented(get=documentation.READ)
class OneTicket(APIView):
    policies = {"GET": READ}

    def get(self, request: Request, *, ticket_id: UUID) -> Response:
        """Get a ticket with its conversation and history, including internal notes."""
        ticket = one_of(request, ticket_id)
        address = absolute("ticket", ticket.public_id)
        shown = WholeTicketOut(whole(ticket), context={"address": address})
        return Response(shown.data, headers=NOT_KEPT)


def one_of(request: Request, ticket_id: UUID) -> Ticket:
    """Return the ticket. Raises Http404 unless the caller may read it; the services check who may change it."""
    ticket = visible(request).filter(public_id=ticket_id).first()
    if ticket is None:
        raise Http404
    return ticket


@documented(post=documentation.REPLY)
class Replies(APIView):
    policies = {"POST": WRITE}

    def post(self, request: Request, *, ticket_id: UUID) -> Response:
        """Reply to the customer.

        The reply goes out through the channel the feedback came from, and appears wherever the customer reads
        the feedback. It is sent immediately, even if the replies of agents are delayed so that they can be undone.
        A delayed reply of an agent on this ticket is then held back and shown to that agent again.
        """
        author, ticket = login_of(request), one_of(request, ticket_id)
        given = read(ReplyIn, request.data)
        replied = reply(
            ticket,
            text=given["text"],
            author=author,
            at=timezone.now(),
            language=given.get("language") or customer_language(ticket),
            file_ids=given.get("files", ()),
            version=given.get("version"),
            then=given["then"] and Status(given["then"]),
            once=once_of(request, author, ticket, given),
        )
        shown = RepliedOut({"message": replied.message, "ticket": one_of(request, ticket_id)})
        if replied.is_new:
            return Response(shown.data, status=201, headers=NOT_KEPT)
        return Response(shown.data, headers=NOT_KEPT | {"Idempotent-Replay": "true"})


def once_of(
    request: Request, author: User, ticket: Ticket, given: Mapping[str, Any]
) -> IdempotencyKey | None:
    """Return the idempotency key of this reply, None if the caller sent none."""
    principal = f"user:{author.pk}"
    key = key_in(request, principal)
    content = json.dumps({"reply": ticket.pk, **given}, sort_keys=True, default=str)
    return IdempotencyKey(principal, key, digest(content.encode())) if key else None


@documented(post=documentation.NOTE)
class Notes(APIView):
    policies = {"POST": WRITE}

    def post(self, request: Request, *, ticket_id: UUID) -> Response:
        """Add an internal note.

        Customers never see it.
        """
        author, ticket = login_of(request), one_of(request, ticket_id)
        noted = write_note(ticket, text=read(NoteIn, request.data)["text"], actor=author, at=timezone.now())
        return Response(TicketEventOut(noted.event).data, status=201, headers=NOT_KEPT)


@documented(post=documentation.ACT)
class Actions(APIView):
    policies = {"POST": WRITE}

    def post(self, request: Request, *, ticket_id: UUID) -> Response:
        """Perform an action on a ticket.

        The same actions as agents have at the desk. Returns the changed ticket, or 204 if the caller may no longer
        read it.
        """
        ticket, given = one_of(request, ticket_id), read(ActionIn, request.data)
        asked = Asked(given["action"], given["value"], given["reason"])
        act(ticket, asked, actor=login_of(request), at=timezone.now(), version=given.get("version"))
        # The caller may no longer be allowed to read the ticket: then there is nothing to show.
        seen = visible(request).filter(public_id=ticket_id).first()
        return Response(TicketOut(seen).data if seen else None, status=200 if seen else 204, headers=NOT_KEPT)


@documented(post=documentation.ADD_FILE)
class Files(APIView):
    policies = {"POST": WRITE}
    parser_classes = [BoundedMultiPartParser]

    def post(self, request: Request, *, ticket_id: UUID) -> Response:
        """Upload a file for a reply.

        It is sent with the reply that names it.
        """
        ticket, uploaded = one_of(request, ticket_id), request.FILES.get("file")
        if uploaded is None:
            raise ValidationError({"file": [_("Send the file under this name.")]}, code="required")
        file = IncomingFile(uploaded.name or "", uploaded.read())
        kept = add_draft_file(ticket, file, author=login_of(request), at=timezone.now())
        return Response(DraftFileOut(kept).data, status=201, headers=NOT_KEPT)


@documented(delete=documentation.REMOVE_FILE)
class OneFile(APIView):
    policies = {"DELETE": WRITE}

    def delete(self, request: Request, *, ticket_id: UUID, file_id: UUID) -> Response:
        """Remove a file uploaded for a reply.

        Removing a file that is gone already is not an error.
        """
        remove_draft_file(one_of(request, ticket_id), file_id, author=login_of(request))
        return Response(status=204)


@documented(get=documentation.DOWNLOAD)
class OneAttachment(APIView):
    policies = {"GET": READ}

    def get(self, request: Request, *, ticket_id: UUID, attachment_id: UUID) -> HttpResponse:
        """Download a file that the customer or an agent sent."""
        return download_from(threads_of(one_of(request, ticket_id)), attachment_id)


@documented(get=documentation.CRISIS)
class Crisis(APIView):
    policies = {"GET": READ}

    def get(self, request: Request) -> Response:
        """Get the crisis queue.

        Shows since when each ticket has been waiting, and when its next escalation step is due.
        """
        return Response(CrisisQueueOut(crisis_queue_for(login_of(request))).data, headers=NOT_KEPT)


@documented(get=documentation.LIST_SUMMARIES)
class Summaries(APIView):
    policies = {"GET": READ_SUMMARIES}

    def get(self, request: Request) -> Response:
        """List summaries, newest first.

        Only product leads see drafts.
        """
        page = newest_first(Summary.objects.visible_to(login_of(request)), request)
        shown = {"results": [as_head(summary) for summary in page.rows], "next": page.next}
        return Response(shown, headers=NOT_KEPT)


@documented(get=documentation.READ_SUMMARY)
class OneSummary(APIView):
    policies = {"GET": READ_SUMMARIES}

    def get(self, request: Request, *, summary_id: UUID) -> Response:
        """Get a summary with its pain points, their numbers and quotes."""
        summary = Summary.objects.visible_to(login_of(request)).filter(public_id=summary_id).first()
        if summary is None:
            raise Http404
        return Response(as_json(summary), headers=NOT_KEPT)


@documented(get=documentation.COMPARE_SUMMARIES)
class ComparedSummaries(APIView):
    policies = {"GET": READ_SUMMARIES}

    def get(self, request: Request, *, summary_id: UUID, other_id: UUID) -> Response:
        """Compare two summaries theme by theme.

        Shows people, share and rank before and after, and which themes are new or gone.
        """
        readable = Summary.objects.visible_to(login_of(request)).filter(public_id__in=[summary_id, other_id])
        found = {summary.public_id: summary for summary in readable}
        if summary_id not in found or other_id not in found:
            raise Http404
        before, after = found[summary_id], found[other_id]
        told = comparison_as_json(before, after, compare_summaries(before, after))
        return Response(told, headers=NOT_KEPT)
