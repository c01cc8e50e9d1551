"""Read bounces in prose, as mail servers wrote them before RFC 3464 and many still do."""

from __future__ import annotations

import re

from feedback.channels.email import automatic, notice_phrases
from feedback.channels.email.addresses import emails_in, parse_addresses
from feedback.channels.email.body import Body
from feedback.channels.email.envelope import Envelope
from feedback.channels.email.headers import Headers
from feedback.channels.email.parsed import BouncedRecipient

MOST_TEXT = 20_000
MOST_RECIPIENTS = 50
#: In running text it is unclear how many of the addresses are meant.
MOST_NAMED = 5
MOST_OPENING = 3_000

# Where the notice ends and the returned mail begins.
_ORIGINAL = re.compile(
    r"(?im)^[-=|*> ]*(?:"
    r"this is a copy of|(?:here )?(?:below|follow\w*) (?:is|this line)|old message:|unsent message|received: "
    r"|original (?:e?-?mail|message)\b|(?:message|mail) (?:text|header)s? follow"
    r"|returned (?:mail|message)\b(?! - )|the (?:header|first \d+ lines|full headers|text) of (?:the|your)"
    r"|原(?:始)?(?:邮件|信件|郵件)(?:内容|內容|如下)?[-—=:：\s]*$)"
)
# A line that begins with an address, optionally after a label.
_LEADING = re.compile(
    r"^[\s>*•·\-–—\"'(\[<|]*"
    r"(?:(?:to|rcpt|(?:failed |final-)?recipient|user|address|e-?mail|sent <<< rcpt to"
    r"|收件人|收信人|收件地址|宛先|받는 ?사람)\s{0,3}[:：= ]\s{0,5}(?:rfc822;)?)?"
    r"[\s\"'(\[<]*(?=[A-Za-z0-9._%+=\-]{1,64}@)",
    re.IGNORECASE,
)
_X400 = re.compile(r"\bsmtp[=:]", re.IGNORECASE)


def is_bounce(headers: Headers, envelope: Envelope, text: str) -> bool:
    """Return whether a mail without an RFC 3464 part is a delivery notice nevertheless.

    A complaint "my mails are undeliverable" has such a subject but comes from a person's address, and a
    person who quotes a bounce sends its text.
    """
    if headers.has("x-failed-recipients"):
        return True
    subject, sender = envelope.subject, envelope.sender
    has_subject = bool(
        notice_phrases.BOUNCE_SUBJECT.match(subject) or notice_phrases.DELAYED_WARNING.match(subject)
    )
    if notice_phrases.BOUNCE_SENDER.match(sender.email) or notice_phrases.BOUNCE_NAME.match(sender.name):
        return has_subject or _says_undelivered(text)
    if has_subject and (automatic.has_null_sender(headers) or not sender.email):
        return True
    is_gateway = has_subject and bool(notice_phrases.GATEWAY_SENDER.match(sender.email))
    return (
        is_gateway
        and _says_undelivered(text)
        and bool(_named_in(_before_original(text[:MOST_TEXT]), _own(envelope)))
    )


def is_delay(text: str) -> bool:
    """Return whether the notice ``text`` announces another attempt."""
    opening = _opening(text)
    # After a permanent error, "try to send it again" is advice to the sender.
    is_final = notice_phrases.GIVES_UP.search(opening) or status_in(opening).startswith("5")
    return bool(notice_phrases.RETRIES.search(opening)) and not is_final


def read_recipients(headers: Headers, body: Body, envelope: Envelope, text: str) -> list[BouncedRecipient]:
    """Return the recipients that a bounce names in its prose, except those the bounce itself was sent to."""
    own = _own(envelope)
    text = text[:MOST_TEXT]
    named = emails_in(headers.text("x-failed-recipients"))[:MOST_RECIPIENTS]
    named = named or _named_in(_before_original(text), own) or _recipients_of_original(body, text, own)
    status = status_in(text)
    diagnostic = next((line.strip() for line in text.split("\n") if status_in(line)), "")
    return [BouncedRecipient(email, "failed", status, diagnostic[:500]) for email in named]


def status_in(text: str) -> str:
    """Return the RFC 3463 status in ``text``, else one derived from its SMTP code, else ""."""
    if found := notice_phrases.ENHANCED_STATUS.search(text):
        return found[1]
    found = notice_phrases.SMTP_CODE.search(text)
    return f"{found[1][0]}.0.0" if found else ""


def _own(envelope: Envelope) -> frozenset[str]:
    return frozenset(email.lower() for email in (*envelope.to, *envelope.cc, *envelope.delivered_to))


def _says_undelivered(text: str) -> bool:
    opening = _opening(text)
    return bool(notice_phrases.UNDELIVERED.search(opening) or notice_phrases.RETRIES.search(opening))


def _opening(text: str) -> str:
    return " ".join(_before_original(text[:MOST_OPENING]).split())


def _before_original(text: str) -> str:
    found = _ORIGINAL.search(text)
    return text[: found.start()] if found and text[: found.start()].strip() else text


def _named_in(notice: str, own: frozenset[str]) -> list[str]:
    """Return the addresses in a notice: those at the beginning of a line, then those within sentences."""
    lines = _X400.sub(" ", notice).split("\n")
    start = next((at for at, line in enumerate(lines) if _announces(line)), -1)
    for part in (lines[start + 1 :], lines):
        about_others = notice_phrases.OTHER_PEOPLE.search
        leading = [line for line in part if _LEADING.match(line[:300])]
        telling = [line for line in part if not about_others(line[:300])]
        for candidates, most in ((leading, MOST_RECIPIENTS), (telling, MOST_NAMED)):
            named = dict.fromkeys(email for line in candidates for email in _foreign(line, own))
            if named:
                return list(named)[:most]
    return []


def _announces(line: str) -> bool:
    return bool(notice_phrases.RECIPIENTS_FOLLOW.search(line.strip()[-200:]))


def _foreign(line: str, own: frozenset[str]) -> list[str]:
    return [
        email
        for email in emails_in(line)
        if email.lower() not in own and not notice_phrases.BOUNCE_SENDER.match(email)
    ]


def _recipients_of_original(body: Body, text: str, own: frozenset[str]) -> list[str]:
    """Return the recipient of the returned mail, if it had exactly one."""
    values = [value for tree in body.embedded[:1] for value in tree.headers.raw_all("to")]
    values = values or re.findall(r"(?im)(?:^|\s)to: ([^\n]{3,200})", text)[:1]
    mailboxes, is_more = parse_addresses(values, most=2)
    emails = [mailbox.email for mailbox in mailboxes if mailbox.email and mailbox.email.lower() not in own]
    return emails if len(emails) == 1 and not is_more else []
