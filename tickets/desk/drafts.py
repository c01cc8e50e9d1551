"""What agents typed and have not sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from config.kit.text import clean_text
from tickets.desk.models import Draft, Ticket
from users.accounts.models import User

#: The same bound as for a customer's message.
MOST_TEXT = 20_000


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


def discard_draft(ticket: Ticket, *, author: User, is_internal: bool) -> None:
    """Forget the draft, if any: it was sent, or emptied."""
    Draft.objects.filter(ticket=ticket, author=author, is_internal=is_internal).delete()
