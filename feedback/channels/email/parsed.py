"""The complete result of parsing a mail, as dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

# How much of one mail is read; the rest is cut off and flagged.
MOST_BYTES = 25 * 1024 * 1024


@dataclass(frozen=True)
class ParsedAttachment:
    """``filename`` is safe to show and to save; ``content_type`` is the sender's claim, never trusted.

    ``inline``: meant to be shown within the text (a picture in the HTML), not offered as a file.
    """

    filename: str
    content_type: str
    size: int
    sha256: str
    inline: bool
    content_id: str = ""
    content: bytes = b""


@dataclass(frozen=True)
class BouncedRecipient:
    """``status`` is like "5.1.1" (RFC 3463) or ""; ``action`` is failed, delayed, delivered, relayed or expanded."""

    email: str
    action: str
    status: str
    diagnostic: str


@dataclass(frozen=True)
class ParsedMail:
    """One mail, parsed as far as possible. Texts have ``\\n`` line ends and no NUL or lone surrogate.

    ``text``: the whole readable text, made from the HTML when there is no plain part. ``reply_text``:
    the part of it that the sender newly wrote. ``html``: as received, not sanitised. Message ids keep
    their angle brackets. ``date``: ISO 8601 in UTC, None when unknown. ``auto_submitted``: no person sent
    this. ``bounce``: it reports that other mail could not be delivered; ``bounced`` lists its recipients,
    ``bounced_message_id`` identifies it. ``delivered_to``: the recipients according to the relays.
    ``authentication``: the Authentication-Results headers, newest first; trust only those of our own relay.
    ``flags``: anything unusual, sorted; FLAGS lists them all.
    """

    from_email: str = ""
    from_name: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    reply_to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    reply_text: str = ""
    attachments: tuple[ParsedAttachment, ...] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    date: str | None = None
    auto_submitted: bool = False
    bounce: bool = False
    bounced: tuple[BouncedRecipient, ...] = ()
    bounced_message_id: str = ""
    delivered_to: tuple[str, ...] = ()
    authentication: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON values, without the attachments' contents."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        for name in ("attachments", "bounced"):
            values[name] = [_public(item) for item in values[name]]
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _public(item: ParsedAttachment | BouncedRecipient) -> dict[str, Any]:
    names = (field.name for field in fields(item))
    return {name: getattr(item, name) for name in names if name != "content"}


FLAGS = {
    "address_hidden_in_name": "the sender's address stood inside an encoded name",
    "attached_message": "another mail is attached",
    "binhex": "files stood in BinHex",
    "bidi": "characters that turn the reading direction round, in the subject, a name or a file name",
    "broken_encoding": "a transfer encoding was damaged",
    "broken_mime": "the parts were not delimited as announced",
    "calendar": "an invitation or an answer to one",
    "charset_repaired": "bytes did not fit the charset they were labelled with",
    "date_from_received": "the Date was unreadable, the relay's was taken",
    "delivery_delayed": "a notice that mail is late, not lost",
    "delivery_receipt": "a notice that mail arrived",
    "display_name_spoof": "the sender's name shows another address than the sender's",
    "empty": "neither text nor attachment",
    "encrypted": "the content cannot be read without a key",
    "forwarded": "the text contains a forwarded mail, kept as content",
    "headers_truncated": "more header than is read",
    "html_only": "there was no plain text; it was made from the HTML",
    "mailing_list": "came through a mailing list",
    "missing_date": "no readable date",
    "missing_from": "no address in From",
    "mixed_script_address": "letters of several scripts in the sender's domain: a look-alike",
    "multiple_from": "more than one sender: none of them is to be trusted",
    "no_message_id": "no Message-ID",
    "nul": "contained NUL characters, removed",
    "parse_failed": "the parser broke off; only the headers and the first lines were read",
    "pgp": "signed or encrypted with OpenPGP",
    "quoted": "an earlier mail was left out of reply_text",
    "read_receipt": "a note that a mail was opened",
    "abuse_report": "a complaint of a mail provider about mail from us",
    "signed": "carries a signature, not verified here",
    "smime": "signed or encrypted with S/MIME",
    "sandbox_failed": "the parser could not even be started",
    "spam": "a mail server on the way took it for spam",
    "suspicious_filename": "a file name hid its ending or its path",
    "text_truncated": "the text was longer than is kept",
    "timeout": "the parser took too long and was stopped",
    "tnef": "a winmail.dat was opened",
    "too_deep": "parts were nested deeper than is read",
    "too_large": "more bytes than are read",
    "too_many_parts": "more parts than are read",
    "too_many_recipients": "more recipients than are read",
    "uuencode": "files stood uuencoded in the text",
    "yenc": "files stood in the text, encoded with yEnc",
    "zero_width": "invisible characters in the subject, a name or an address",
}
