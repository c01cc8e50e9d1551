"""Compose an answer as a mail: text, thread headers, reply address."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from mimetypes import guess_type

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from config.kit.text import clean_line
from feedback.channels.contract import Outgoing
from feedback.channels.email import phrases
from feedback.channels.email.keys import signing_key
from feedback.channels.email.mailbox import BadSettings, Mailbox, read_mailbox
from feedback.channels.email.threads import message_id, reply_address
from feedback.channels.languages import interface_language
from feedback.intake.models import Attachment, Channel, ChannelKind, Feedback

MOST_REFERENCES = 20
_IDENTIFIER = re.compile(r"<?[^<>\s@]{1,250}@[^<>\s@]{1,250}>?")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"\\@\x00-\x20\x7f]{1,64}@[^\s<>()\[\],;:\"\\@\x00-\x20\x7f]{1,255}")


class _MailPolicy(EmailPolicy):
    """Keeps lines as short as RFC 2045 and 2047 ask, but splits no Message-ID: that confuses some programs."""

    def fold_binary(self, name: str, value: str) -> bytes:
        return (_LONG_LINES if name.lower() in _IDENTIFIERS else _SHORT_LINES).fold_binary(name, value)


# Seven-bit mail passes every relay; RFC 2047, 2: no line with an encoded word is longer than 76.
_SHORT_LINES = SMTP.clone(cte_type="7bit", max_line_length=76)
_LONG_LINES = SMTP.clone(cte_type="7bit", max_line_length=200)
_POLICY = _MailPolicy(linesep=SMTP.linesep, cte_type="7bit", max_line_length=76)
_IDENTIFIERS = {"message-id", "in-reply-to", "references"}


class NotAddressable(Exception):
    """The address cannot be written into a mail."""


@dataclass(frozen=True)
class Composed:
    """A mail ready to send. An empty ``envelope_from`` is the null return path of automatic mail (RFC 3834)."""

    mail: EmailMessage
    envelope_from: str
    recipient: str
    message_id: str
    mailbox: Mailbox | None

    @property
    def content(self) -> bytes:
        return self.mail.as_bytes()


def compose(outgoing: Outgoing) -> Composed:
    """Return the mail for ``outgoing``, the same one at each attempt. Raises NotAddressable."""
    feedback = outgoing.message.feedback
    mailbox = mailbox_for(feedback)
    recipient = outgoing.address.value.strip()
    if not _ADDRESS.fullmatch(recipient) or not recipient.rpartition("@")[0].isascii():
        raise NotAddressable("the address cannot be written into a mail")
    name, sender = _sender(mailbox)
    mail = EmailMessage(policy=_POLICY)
    with translation.override(interface_language(outgoing.language)):
        mail["Subject"] = subject_of(outgoing)
        text, html = render(outgoing, mailbox)
    mail["From"] = _header_address(name, sender)
    mail["To"] = _header_address("", recipient)
    mail["Date"] = format_datetime(outgoing.message.sent_at)
    identifier = message_id(outgoing.external_id, key=signing_key())
    mail["Message-ID"] = identifier
    if mailbox is not None and mailbox.is_plus_addressed:
        signed = reply_address(sender, feedback.public_id, key=signing_key())
        mail["Reply-To"] = _header_address(name, signed)
    references = thread_references(outgoing.in_reply_to)
    if references:
        mail["In-Reply-To"] = references[-1]
        mail["References"] = " ".join(references)
    if outgoing.message.is_automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text)
    mail.add_alternative(html, subtype="html")
    for file in outgoing.message.attachments.order_by("pk"):
        maintype, _slash, subtype = media_type_of(file).partition("/")
        mail.add_attachment(bytes(file.content), maintype, subtype, filename=file.filename)
    return Composed(
        mail=mail,
        envelope_from="" if outgoing.message.is_automatic else sender,
        recipient=recipient,
        message_id=identifier,
        mailbox=mailbox,
    )


def media_type_of(file: Attachment) -> str:
    """Return the media type of ``file`` for mail programs, by its name when its content is only a container."""
    if file.content_type not in ("application/octet-stream", "application/zip"):
        return file.content_type
    guessed, encoding = guess_type(file.filename)
    return guessed if guessed and not encoding else "application/octet-stream"


def mailbox_for(feedback: Feedback) -> Mailbox | None:
    """Return the mailbox that answers ``feedback``: its own, else the first active one, else None."""
    mails = Channel.objects.filter(kind=ChannelKind.EMAIL, is_active=True, config__has_key="address")
    own = [feedback.channel] if feedback.channel.kind == ChannelKind.EMAIL else []
    for channel in (*own, *mails.order_by("id")):
        try:
            return read_mailbox(channel.config, os.environ)
        except BadSettings:
            # check_config shows this in the admin; another mailbox may still answer.
            continue
    return None


def subject_of(outgoing: Outgoing) -> str:
    """Return the subject in the active language. Mail programs group threads by it."""
    feedback = outgoing.message.feedback
    subject = clean_line(outgoing.subject)
    if not subject or outgoing.message.is_automatic:
        # Automatic mail never repeats the sender's words: anyone may write in another person's name.
        return _("Your feedback %(number)s") % {"number": feedback.number}
    if phrases.REPLY_SUBJECT.match(subject):
        return subject
    return f"Re: {subject}"


def render(outgoing: Outgoing, mailbox: Mailbox | None) -> tuple[str, str]:
    """Return text and HTML in the active language. Links start with PUBLIC_BASE_URL.

    They ask for a reply only if ``mailbox`` is read: otherwise no one would ever see it.
    """
    context = {
        "text": outgoing.message.text,
        "number": outgoing.message.feedback.number,
        "status_link": outgoing.status_link,
        "language": translation.get_language(),
        "may_reply": mailbox is not None and mailbox.imap is not None,
    }
    return (
        render_to_string("feedback/email/answer.txt", context),
        render_to_string("feedback/email/answer.html", context),
    )


def thread_references(identifiers: tuple[str, ...]) -> list[str]:
    """Return those ``identifiers`` that are Message-IDs, in brackets, oldest first; ours are signed."""
    known = (message_id(name, key=signing_key()) for name in identifiers if _IDENTIFIER.fullmatch(name))
    return list(dict.fromkeys(known))[-MOST_REFERENCES:]


def _sender(mailbox: Mailbox | None) -> tuple[str, str]:
    if mailbox is not None:
        return mailbox.name, mailbox.address
    return parseaddr(settings.DEFAULT_FROM_EMAIL)


def _header_address(name: str, email: str) -> HeaderAddress:
    local, _at, domain = email.rpartition("@")
    try:
        # RFC 5890: an internationalised domain is transmitted in ASCII.
        return HeaderAddress(clean_line(name), local, domain.encode("idna").decode())
    except UnicodeError as wrong:
        raise NotAddressable("the domain is not one") from wrong
