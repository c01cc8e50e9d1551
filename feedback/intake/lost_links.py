"""Mail customers who lost their private links a single link to all feedback answered at that address."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Left
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from config.kit.mails import send_automatic
from config.kit.outbox.lanes import Lane
from config.kit.outbox.registry import Handler
from config.kit.outbox.services import owe
from config.kit.secret_links import opened_id, secret_token
from feedback.intake.models import Direction, Feedback, LinkRequest, Message
from users.profiles.models import AddressKind
from users.profiles.services import normalised

#: The outbox kind whose handler mails the link.
LINKS_WANTED = "links.wanted"
VALID = timedelta(hours=24)
#: Per day. Someone who exhausts it for another person's address only sends that mailbox working links.
MOST_PER_ADDRESS = 4
MOST_FIRST_WORDS = 160
_SALT = "earshot.feedback.links"


@transaction.atomic
def ask_for_links(email: str, *, language: str, at: datetime) -> None:
    """Queue a mail to ``email`` with the link to the feedback answered there.

    Only the mailbox shows whether there is any, or whether the limit was reached, so that a caller cannot
    find out who wrote to us.
    """
    address = normalised(AddressKind.EMAIL, email)
    lately = LinkRequest.objects.filter(normalised=address, asked_at__gt=at - VALID)
    if lately.count() >= MOST_PER_ADDRESS:
        return
    asked = LinkRequest.objects.create(
        value=email.strip(), normalised=address, language=language, asked_at=at, expires_at=at + VALID
    )
    owe(LINKS_WANTED, asked.pk, at=at)


def links_token(asked: LinkRequest) -> str:
    """Return the token at the end of the mailed link of ``asked``."""
    return secret_token(_SALT, asked.public_id)


def links_address(asked: LinkRequest) -> str:
    """Return the absolute link, built from PUBLIC_BASE_URL and never from a Host header."""
    return f"{settings.PUBLIC_BASE_URL}/mine/{links_token(asked)}"


def request_of(token: str, *, at: datetime) -> LinkRequest | None:
    """Return the request that ``token`` opens, None for an invalid or expired token."""
    public_id = opened_id(_SALT, token)
    if public_id is None:
        return None
    return LinkRequest.objects.filter(public_id=public_id, expires_at__gt=at).first()


def answered_to(asked: LinkRequest) -> QuerySet[Feedback]:
    """Return the threads answered at the address of ``asked``, most recently active first.

    Each is annotated with ``first_words``, the beginning of its first message. Feedback that someone else gave
    about the same address under their own name is answered elsewhere and not included.
    """
    said = Message.objects.filter(feedback=OuterRef("pk"), direction=Direction.IN).order_by("pk")
    threads = Feedback.objects.filter(
        address__kind=AddressKind.EMAIL, address__normalised=asked.normalised, customer__erased_at=None
    )
    words = Subquery(said.annotate(begin=Left("text", MOST_FIRST_WORDS)).values("begin")[:1])
    return threads.annotate(first_words=words).order_by("-last_message_at", "-pk")


def mail_links(request_id: int, at: datetime) -> bool:
    """Mail the link, within 5 s; return False when it would open nothing or no mail is sent.

    Safe to repeat: it is the same link.
    """
    asked = LinkRequest.objects.filter(pk=request_id).first()
    if asked is None or asked.mailed_at or asked.expires_at <= at or not answered_to(asked).exists():
        return False
    with translation.override(asked.language):
        subject = str(_("The links to what you told us"))
        text = str(
            _(
                "Somebody, probably you, asked for the links to what you told us. This link opens all of it for "
                "a day:\n\n%(link)s\n\nIf it was not you, do nothing: nobody else was given the link."
            )
            % {"link": links_address(asked)}
        )
    return send_automatic(asked.value, subject=subject, text=text)


def note_mailed(request_id: int, was_mailed: bool, at: datetime) -> None:
    """Record that the link was mailed at ``at``, if it was."""
    if was_mailed:
        LinkRequest.objects.filter(pk=request_id).update(mailed_at=at)


def forget_old_requests(at: datetime) -> int:
    """Delete requests that expired more than a day ago; return how many rows."""
    deleted, _by_model = LinkRequest.objects.filter(expires_at__lt=at - VALID).delete()
    return deleted


LINKS_WANTED_HANDLER = Handler(kind=LINKS_WANTED, lane=Lane.DEFAULT, work=mail_links, effect=note_mailed)
