"""The page of one ticket, and the actions on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponseBase, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.kit.languages import LANGUAGE_NAMES, own_name
from config.kit.text import number_in
from feedback.analysis.models import CrisisCategory
from feedback.intake.incoming import IncomingFile
from feedback.intake.models import Topic
from tickets.desk.access import may_work_on, readers_of
from tickets.desk.alarms import open_place
from tickets.desk.drafts import (
    EmptyFile,
    FileGone,
    add_draft_file,
    discard_draft,
    draft_files,
    draft_texts,
    keep_draft,
    remove_draft_file,
)
from tickets.desk.locks import ChangedMeanwhile
from tickets.desk.merging import merged_into
from tickets.desk.models import LastSeen, Status, Ticket, WaitingReply
from tickets.desk.presence import forget_presence, note_presence
from tickets.desk.transitions import OVER
from tickets.mentions.services import follow, followers_of, note_read, unfollow, write_note
from tickets.queues.models import Priority
from tickets.replies.canned import customer_language, wordings
from tickets.replies.services import address_of
from tickets.replies.waiting import leaving_from, send, take_in
from tickets.workbench.actions import Asked, act
from tickets.workbench.changes import changes_since, newest_event
from tickets.workbench.choices import (
    Choice,
    snooze_choices,
    status_choices,
    ways_to_join,
    work_choices,
)
from tickets.workbench.customer import customer_file
from tickets.workbench.filters import Filters
from tickets.workbench.folders import folders_for
from tickets.workbench.inbox import neighbour
from tickets.workbench.keyset import Place
from tickets.workbench.leaving import held_on, leaving_on
from tickets.workbench.links import linked_tickets
from tickets.workbench.macros import macros_offered
from tickets.workbench.timeline import Entry, failed_deliveries, timeline_of
from tickets.workbench.urgency import urgency_of
from tickets.workbench.views.frame import desk_action, desk_page, page, ticket_or_404, version_of
from users.accounts.models import User
from users.accounts.requests import StaffRequest

#: How many names are offered for completion; others must be typed in full.
MOST_MENTIONABLE = 500


@desk_page
def conversation(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Show the conversation; with ``X-Fragment: conversation`` only its parts, for a page that refreshes itself."""
    at = timezone.now()
    ticket = ticket_or_404(request, public_id)
    may_work = ticket.merged_into_id is None and may_work_on(ticket, request.user)
    merged = merged_into(ticket)
    entries = timeline_of(ticket, merged=merged)
    is_part = request.headers.get("X-Fragment") == "conversation"
    if not is_part:
        take_in(ticket, author=request.user, at=at)
    drafts = draft_texts(ticket, author=request.user)
    files = list(draft_files(ticket, author=request.user)) if may_work else []
    language = drafts.get("language") or customer_language(ticket)
    place = open_place(ticket)
    LastSeen.objects.update_or_create(ticket=ticket, user=request.user, defaults={"at": at})
    note_read(ticket, user=request.user, at=at)
    context = {
        "title": f"{ticket.number} · {ticket.subject}",
        "ticket": ticket,
        "may_work": may_work,
        "entries": entries,
        "leaving_here": leaving_on(ticket, at=at),
        "held": held_on(ticket, request.user, at=at) if "reply" in drafts or files else None,
        "failed": failed_deliveries(entries),
        "place": place,
        "urgency": urgency_of(entries),
        "followers": list(followers_of(ticket)),
        "file": customer_file(ticket.feedback.customer, request.user, besides=ticket.feedback),
        "links": linked_tickets(ticket, request.user),
        "merged": merged,
        "may_unmerge": ticket.merged_into is not None and may_work_on(ticket.merged_into, request.user),
        "ways_to_join": ways_to_join(),
        "splittable": splittable(ticket, entries) if may_work else [],
        "tags": list(ticket.tags.order_by("name")),
        "drafts": drafts,
        "draft_files": files,
        "reaches": address_of(ticket.feedback),
        "language": language,
        "languages": language_choices(language),
        "statuses": status_choices(ticket),
        "snoozes": snooze_choices(at),
        "time_zone": timezone.get_current_timezone_name(),
        "work": work_choices(ticket),
        "macros": macros_offered() if may_work else [],
        "priority": Priority(ticket.priority),
        "categories": [Choice(value, str(label)) for value, label in CrisisCategory.choices],
        "topics": [Choice(value, str(label), value == ticket.topic) for value, label in Topic.choices],
        "newest_event": newest_event(ticket),
        "filters": Filters.read(request.GET),
        "now": at,
    }
    template = "conversation_parts" if is_part else "conversation"
    return page(request, f"workbench/{template}.html", context)


def splittable(ticket: Ticket, entries: Sequence[Entry]) -> list[Entry]:
    """Return the customer's entries that can be split off; [] if there is only one."""
    own = [
        entry
        for entry in entries
        if entry.kind == "in" and entry.message and entry.message.feedback_id == ticket.feedback_id
    ]
    return own if len(own) > 1 else []


def language_choices(chosen: str) -> list[Choice]:
    """Return the languages to answer in, ``chosen`` first."""
    others = [tag for tag in LANGUAGE_NAMES if tag.lower() != chosen.lower()]
    return [Choice(tag, own_name(tag), tag == chosen) for tag in (chosen, *others)]


def following(request: StaffRequest, ticket: Ticket, place: Place) -> str:
    """Return the URL of the ticket after ``ticket`` in the list it was opened from, else of that list."""
    filters = Filters.read(request.POST or request.GET)
    folders = {folder.key: folder for folder in folders_for(request.user, at=timezone.now())}
    folder = folders.get(filters.folder) or folders["all"]
    other = neighbour(folder, filters, request.user, of=ticket, place=place)
    if other is None:
        return folder.url
    return f"{reverse('desk:conversation', args=[other.public_id])}?{filters.query}"


@desk_page
def step(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Return the URL of the next ticket in the list."""
    ticket = ticket_or_404(request, public_id)
    return JsonResponse({"next": following(request, ticket, Place.of(ticket))})


class Stale(ChangedMeanwhile):
    """A ChangedMeanwhile with ``details`` of what changed, for the page to show."""

    def __init__(self, message: str, *, details: dict[str, Any]) -> None:
        super().__init__(message)
        self.details = details


@desk_action
def send_reply(request: StaffRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Answer the customer, at once or after the time to take it back, and return the URL of the next ticket."""
    ticket = ticket_or_404(request, public_id)
    place = Place.of(ticket)
    then = request.POST.get("then", "")
    try:
        sent = send(
            ticket,
            text=request.POST.get("text", ""),
            author=request.user,
            at=timezone.now(),
            # Not "language": that is a filter of the list, and "next" would skip tickets in other languages.
            language=request.POST.get("answer_in", "")[:10] or customer_language(ticket),
            file_ids=file_ids_of(request),
            version=version_of(request),
            then=Status(then) if then in Status.values else None,
        )
    except ChangedMeanwhile as refusal:
        raise Stale(str(refusal), details=what_changed(request, ticket)) from refusal
    told = {"next": following(request, ticket, place)}
    # A waiting answer is shown by the next page itself, for as long as it can be taken back.
    return told if isinstance(sent, WaitingReply) else {"done": _("Sent."), **told}


def what_changed(request: StaffRequest, ticket: Ticket) -> dict[str, Any]:
    """Return the changes since the page was loaded, and the version to send again with."""
    ticket.refresh_from_db(fields=["version"])
    changes = changes_since(ticket, number_in(request.POST.get("seen", "")) or 0)
    changes += [
        _("%(name)s: an answer that is about to leave") % {"name": waiting.author.name}
        for waiting in leaving_from(ticket)
    ]
    return {"changes": changes, "version": ticket.version, "seen": newest_event(ticket)}


def file_ids_of(request: StaffRequest) -> list[uuid.UUID]:
    """Return the ids of the draft files that the page showed when it was sent: no others may be sent."""
    try:
        return [uuid.UUID(value) for value in request.POST.getlist("file")]
    except ValueError:
        raise FileGone(_("Such a file is not part of this answer. Load the page again.")) from None


@desk_action
def add_file(request: StaffRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Attach a file to the answer being written; return its id, name and size."""
    ticket = ticket_or_404(request, public_id)
    uploaded = request.FILES.get("file")
    if uploaded is None:
        raise EmptyFile(_("Choose a file."))
    file = IncomingFile(uploaded.name or "", uploaded.read())
    kept = add_draft_file(ticket, file, author=request.user, at=timezone.now())
    return {"file": str(kept.public_id), "name": kept.filename, "size": filesizeformat(kept.size_bytes)}


@desk_action
def remove_file(request: StaffRequest, public_id: uuid.UUID, file_id: uuid.UUID) -> dict[str, Any]:
    """Remove a file from the answer being written."""
    remove_draft_file(ticket_or_404(request, public_id), file_id, author=request.user)
    return {"removed": True}


@desk_action
def save_note(request: StaffRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Add an internal note. Needs no version, since a note cannot conflict with other changes."""
    ticket = ticket_or_404(request, public_id)
    noted = write_note(ticket, text=request.POST.get("text", ""), actor=request.user, at=timezone.now())
    discard_draft(ticket, author=request.user, is_internal=True)
    done = _("Note saved. The customer does not see it.")
    if noted.told:
        done += " " + _("Told: %(names)s.") % {"names": _names(noted.told)}
    if noted.not_told:
        done += " " + _("Not told, as they may not read this ticket: %(names)s.") % {
            "names": _names(noted.not_told)
        }
    return {"done": done}


def _names(people: Iterable[User]) -> str:
    return pgettext("between names in a list", ", ").join(user.name for user in people)


@desk_page
def mentionable(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Return the users whom a note on this ticket can mention: those who may read it."""
    ticket = ticket_or_404(request, public_id)
    people = readers_of(ticket).exclude(pk=request.user.pk).order_by("first_name", "username")
    return JsonResponse(
        {"people": [{"login": one.username, "name": one.name} for one in people[:MOST_MENTIONABLE]]}
    )


@desk_action
def follow_ticket(request: StaffRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Follow the ticket; anyone who may read it can."""
    follow(ticket_or_404(request, public_id), user=request.user, at=timezone.now())
    return {"done": _("You follow this ticket: it stands in “Following”.")}


@desk_action
def unfollow_ticket(request: StaffRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Stop following the ticket."""
    unfollow(ticket_or_404(request, public_id), user=request.user)
    return {"done": _("You do not follow this ticket any more.")}


@desk_action
def save_draft(request: StaffRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Save what was typed so far."""
    ticket = ticket_or_404(request, public_id)
    is_internal = request.POST.get("mode") == "note"
    keep_draft(
        ticket,
        author=request.user,
        is_internal=is_internal,
        text=request.POST.get("text", ""),
        at=timezone.now(),
    )
    return {"kept": True}


@desk_action
def change(request: StaffRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Apply one of the actions to the ticket; return where to go next if it is done with or no longer visible."""
    ticket = ticket_or_404(request, public_id)
    place = Place.of(ticket)
    asked = Asked.read(request.POST)
    act(ticket, asked, actor=request.user, at=timezone.now())
    told: dict[str, Any] = {"done": _("Saved.")}
    is_done_with = asked.action == "snooze" or (
        asked.action == "status" and asked.value in (Status.SOLVED, Status.CLOSED)
    )
    if asked.action == "macro":
        # A macro's answer is in the composer, to be read and sent; without one the ticket may be done with.
        told["draft"] = draft_texts(ticket, author=request.user)
        ticket.refresh_from_db(fields=["status", "snoozed_until"])
        is_put_away = ticket.status in OVER or ticket.snoozed_until is not None
        is_done_with = is_put_away and "reply" not in told["draft"]
    if is_done_with or not Ticket.objects.visible_to(request.user).filter(pk=ticket.pk).exists():
        told["next"] = following(request, ticket, place)
    return told


@desk_action
def presence(request: StaffRequest, public_id: uuid.UUID) -> dict[str, Any]:
    """Record that this agent is here; return who else is, and the newest event, so that the page notices changes."""
    ticket = ticket_or_404(request, public_id)
    if request.POST.get("leaving"):
        forget_presence(ticket.pk, request.user)
        return {}
    others = note_presence(
        ticket.pk, request.user, is_writing=bool(request.POST.get("writing")), at=timezone.now()
    )
    return {
        "here": [{"name": other.name, "writing": other.is_writing} for other in others],
        "seen": newest_event(ticket),
    }


@desk_page
def canned(request: StaffRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Return the canned replies as this customer would read them, in the requested language."""
    ticket = ticket_or_404(request, public_id)
    language = request.GET.get("language", "")[:10] or customer_language(ticket)
    found = wordings(ticket, agent=request.user, language=language)
    return JsonResponse(
        {
            "replies": [
                {"name": one.name, "shortcut": one.shortcut, "language": one.language, "text": one.text}
                for one in found
            ]
        }
    )
