"""Hand one mail to one SMTP server within a deadline, and return the result."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass

from config.kit.smtp import Hurried, HurriedTLS
from feedback.channels.contract import SendResult, SendState
from feedback.channels.email.mailbox import Server

DEADLINE_SECONDS = 5.0
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Envelope:
    """An empty ``sender`` is the null return path: failures are not reported back."""

    sender: str
    recipient: str
    content: bytes


def hand_over(
    server: Server, envelope: Envelope, *, deadline_seconds: float = DEADLINE_SECONDS
) -> SendResult:
    """Try once to send ``envelope`` over ``server``; never raises because of the server or the network.

    A 5xx refusal of sender, recipient or content is permanent. Everything else may be temporary: busy
    servers, wrong passwords, dead networks, a connection that does not offer encryption or login (today,
    or because an attacker is in the middle).
    """
    try:
        with _connected(server, seconds=deadline_seconds) as connection:
            if server.user:
                connection.login(server.user, server.password)
            connection.sendmail(envelope.sender, [envelope.recipient], _on_the_wire(envelope.content))
    except smtplib.SMTPRecipientsRefused as refused:
        code, answer = next(iter(refused.recipients.values()))
        return _judged(code, answer)
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
        return _judged(refused.smtp_code, refused.smtp_error)
    except smtplib.SMTPResponseException as refused:
        # At greeting, TLS or login: ours to fix, not the recipient's fault.
        return SendResult(SendState.TRY_LATER, detail=f"{refused.smtp_code} {_short(refused.smtp_error)}")
    except UnicodeError:
        # Not the exception's own message, which quotes a letter of the password.
        return SendResult(SendState.TRY_LATER, detail="the user name or the password is not ASCII")
    except (smtplib.SMTPException, OSError, ssl.SSLError) as trouble:
        return SendResult(SendState.TRY_LATER, detail=f"{type(trouble).__name__}: {_short(str(trouble))}")
    return SendResult(SendState.SENT)


def _connected(server: Server, *, seconds: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    is_tls = server.security == "ssl"
    connection = HurriedTLS(timeout=seconds, context=context) if is_tls else Hurried(timeout=seconds)
    # SMTP_SSL checks the certificate against the name given here.
    connection._host = server.host  # type: ignore[attr-defined]
    try:
        code, answer = connection.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, answer)
        if server.security == "starttls":
            connection.starttls(context=context)
    except BaseException:
        connection.close()
        raise
    return connection


def _on_the_wire(content: bytes) -> bytes:
    """Return ``content`` with the line ends of SMTP (RFC 5321, 2.3.8), which smtplib gives to text alone.

    Python writes mails with bare line feeds unless told otherwise; servers take those for one long line, or for an
    attack, and refuse the mail for good.
    """
    return _LINE_END.sub(b"\r\n", content)


def _judged(code: int, answer: bytes | str) -> SendResult:
    state = SendState.REFUSED if 500 <= code < 600 else SendState.TRY_LATER
    return SendResult(state, detail=f"{code} {_short(answer)}")


def _short(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:200]
