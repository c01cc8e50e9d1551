"""Drafts of agents: text and files that have not been sent yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from config.kit.errors import Refused
from config.kit.text import clean_text
from feedback.intake.bounds import MOST_TEXT
from feedback.intake.incoming import IncomingFile
from feedback.intake.services import check_answer_files, stored_values
from tickets.desk.access import check_may_work_on
from tickets.desk.models import Draft, DraftFile, Status, Ticket
from users.accounts.models import User


class EmptyFile(Refused):
    code = "empty_file"
    field = "file"


class FileGone(Refused):
    code = "file_gone"
    field = "files"


@transaction.atomic
def keep_draft(ticket: Ticket, *, author: User, is_internal: bool, text: str, at: datetime) -> Draft | None:
    """Save what ``author`` has typed so far; an empty text discards the draft and returns None.

    The public answer and the internal note are separate drafts, so that neither can become the other.
    """
    kept = clean_text(text)[:MOST_TEXT]
    if not kept:
        discard_draft(ticket, author=author, is_internal=is_internal)
        return None
    return _write(ticket, kept, author=author, is_internal=is_internal, at=at)


def _write(
    ticket: Ticket, text: str, *, author: User, is_internal: bool, at: datetime, **chosen: str
) -> Draft:
    draft, _created = Draft.objects.update_or_create(
        ticket=ticket,
        author=author,
        is_internal=is_internal,
        defaults={"text": text, "updated_at": at, **chosen},
    )
    return draft


@transaction.atomic
def add_to_draft(
    ticket: Ticket, text: str, *, author: User, then: Status | None, at: datetime, language: str = ""
) -> Draft:
    """Append ``text`` to the answer ``author`` is writing; sending it moves the ticket to ``then``.

    Text that the draft already contains is not added again, and nothing is cut. ``language`` is the language of
    the text, empty for the customer's.
    """
    text = clean_text(text)
    kept = draft_texts(ticket, author=author).get("reply", "")
    whole = kept if text in kept else f"{kept}\n\n{text}" if kept else text
    chosen = {name: value for name, value in (("then", then), ("language", language)) if value}
    return _write(ticket, whole, author=author, is_internal=False, at=at, **chosen)


def take_drafts_along(gone: Ticket, *, to: Ticket) -> None:
    """Move unsent drafts and files from ``gone`` to ``to``, each below the author's own draft there."""
    for draft in Draft.objects.filter(ticket=gone).order_by("pk"):
        theirs = Draft.objects.filter(ticket=to, author=draft.author, is_internal=draft.is_internal).first()
        if theirs is None:
            draft.ticket = to
            draft.save(update_fields=["ticket"])
            continue
        if draft.text not in theirs.text:
            theirs.text = f"{theirs.text}\n\n{draft.text}"
            theirs.save(update_fields=["text"])
        draft.delete()
    DraftFile.objects.filter(ticket=gone, waiting=None).update(ticket=to)


def draft_texts(ticket: Ticket, *, author: User) -> dict[str, str]:
    """Return the unsent texts of ``author``: ``reply`` and ``note``, and ``then`` and ``language`` where chosen."""
    texts = {}
    for draft in Draft.objects.filter(ticket=ticket, author=author):
        texts["note" if draft.is_internal else "reply"] = draft.text
        chosen = {"then": draft.then, "language": draft.language}
        texts |= {name: value for name, value in chosen.items() if value}
    return texts


def discard_draft(ticket: Ticket, *, author: User, is_internal: bool) -> None:
    """Delete the draft's text, if any, once it was sent or emptied. Its files are removed separately."""
    Draft.objects.filter(ticket=ticket, author=author, is_internal=is_internal).delete()


@transaction.atomic
def add_draft_file(ticket: Ticket, file: IncomingFile, *, author: User, at: datetime) -> DraftFile:
    """Keep ``file`` for the answer that ``author`` is writing.

    Raises CannotWorkOn, EmptyFile, TooManyFiles, FileTooLarge. Two concurrent uploads may exceed the limits
    together: they are checked again when the answer is sent.
    """
    check_may_work_on(ticket, author)
    if not file.content:
        raise EmptyFile(_("This file is empty: choose another one."))
    sizes = draft_files(ticket, author=author).values_list("size_bytes", flat=True)
    check_answer_files([*sizes, len(file.content)])
    return DraftFile.objects.create(ticket=ticket, author=author, added_at=at, **stored_values(file))


def remove_draft_file(ticket: Ticket, file_id: UUID, *, author: User) -> None:
    """Remove a file from ``author``'s answer; a file that is already gone is no error."""
    draft_files(ticket, author=author).filter(public_id=file_id).delete()


def draft_files(ticket: Ticket, *, author: User) -> models.QuerySet[DraftFile]:
    """Return the files of ``author``'s answer to ``ticket`` in the order they were chosen, without contents."""
    files = DraftFile.objects.filter(ticket=ticket, author=author, waiting=None)
    return files.defer("content").order_by("pk")


def chosen_draft_files(
    ticket: Ticket, file_ids: Sequence[UUID], *, author: User
) -> models.QuerySet[DraftFile]:
    """Return these files of ``author``'s answer, locked until the caller's transaction ends, without contents.

    Raises FileGone when one of them no longer exists: it was sent or removed in another window.
    """
    files = draft_files(ticket, author=author).filter(public_id__in=file_ids)
    if len(files.select_for_update()) < len(set(file_ids)):
        raise FileGone(
            _(
                "A file of this answer was sent or taken out in another window. Look at the files and send again."
            )
        )
    return files


def take_draft_files(files: models.QuerySet[DraftFile]) -> list[IncomingFile]:
    """Return ``files`` and delete them from the draft: they leave with an answer, in the caller's transaction."""
    taken = list(files.defer(None).order_by("pk"))
    DraftFile.objects.filter(pk__in=[file.pk for file in taken]).delete()
    return [IncomingFile(file.filename, bytes(file.content)) for file in taken]
