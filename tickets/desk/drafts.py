"""What agents wrote, and the files they chose, and have not sent."""

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
    """Keep what ``author`` typed so far; an empty text discards the draft and returns None.

    The public answer and the internal note are kept apart, so that neither can become the other.
    """
    kept = clean_text(text)[:MOST_TEXT]
    if not kept:
        discard_draft(ticket, author=author, is_internal=is_internal)
        return None
    draft, _created = Draft.objects.update_or_create(
        ticket=ticket, author=author, is_internal=is_internal, defaults={"text": kept, "updated_at": at}
    )
    return draft


@transaction.atomic
def add_to_draft(
    ticket: Ticket, text: str, *, author: User, then: Status | None, at: datetime
) -> Draft | None:
    """Put ``text`` under what ``author`` typed already as the answer, to become ``then`` once it is sent.

    What stands there already is not written again.
    """
    kept = draft_texts(ticket, author=author).get("reply", "")
    whole = kept if text in kept else f"{kept}\n\n{text}" if kept else text
    draft = keep_draft(ticket, author=author, is_internal=False, text=whole, at=at)
    if draft is not None and then is not None:
        draft.then = then
        draft.save(update_fields=["then"])
    return draft


def draft_texts(ticket: Ticket, *, author: User) -> dict[str, str]:
    """Return what ``author`` typed and has not sent: ``reply``, ``note``, and ``then`` for what a macro wants."""
    texts = {}
    for draft in Draft.objects.filter(ticket=ticket, author=author):
        texts["note" if draft.is_internal else "reply"] = draft.text
        if draft.then:
            texts["then"] = draft.then
    return texts


def discard_draft(ticket: Ticket, *, author: User, is_internal: bool) -> None:
    """Forget the draft's text, if any: it was sent, or emptied. Its files are let go one by one."""
    Draft.objects.filter(ticket=ticket, author=author, is_internal=is_internal).delete()


@transaction.atomic
def add_draft_file(ticket: Ticket, file: IncomingFile, *, author: User, at: datetime) -> DraftFile:
    """Keep ``file`` for the answer that ``author`` is writing.

    Raises CannotWorkOn, EmptyFile, TooManyFiles, FileTooLarge. Two at once may pass the bounds together:
    the answer is measured again when it is sent.
    """
    check_may_work_on(ticket, author)
    if not file.content:
        raise EmptyFile(_("This file is empty: choose another one."))
    sizes = draft_files(ticket, author=author).values_list("size_bytes", flat=True)
    check_answer_files([*sizes, len(file.content)])
    return DraftFile.objects.create(ticket=ticket, author=author, added_at=at, **stored_values(file))


def remove_draft_file(ticket: Ticket, file_id: UUID, *, author: User) -> None:
    """Let go of a file of ``author``'s answer; one that is gone already is no error."""
    draft_files(ticket, author=author).filter(public_id=file_id).delete()


def draft_files(ticket: Ticket, *, author: User) -> models.QuerySet[DraftFile]:
    """Return the files of ``author``'s answer to ``ticket`` in the order they were chosen, without contents."""
    return DraftFile.objects.filter(ticket=ticket, author=author).defer("content").order_by("pk")


@transaction.atomic
def take_draft_files(ticket: Ticket, file_ids: Sequence[UUID], *, author: User) -> list[IncomingFile]:
    """Return those files of ``author``'s answer and let them go: they leave with it, in the caller's transaction.

    Raises FileGone when one of them is not there any more: sent from another window, or taken out.
    """
    files = DraftFile.objects.filter(ticket=ticket, author=author, public_id__in=file_ids)
    taken = list(files.select_for_update().order_by("pk"))
    if len(taken) < len(set(file_ids)):
        raise FileGone(
            _(
                "A file of this answer was sent or taken out in another window. Look at the files and send again."
            )
        )
    DraftFile.objects.filter(pk__in=[file.pk for file in taken]).delete()
    return [IncomingFile(file.filename, bytes(file.content)) for file in taken]
