"""What is written to those who reported what is fixed: a wording per language, variables filled in safely."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from config.kit.errors import Refused
from config.kit.secret_links import secret_token
from config.kit.text import clean_text
from tickets.fixes.models import Fix, FixWording, Reporter
from tickets.replies.canned import values_of
from tickets.replies.variables import fill, unknown_variables

#: What a wording may contain; anything else in braces is refused.
VARIABLES = ("customer", "number", "version", "subject", "platform", "device", "status_link", "answer_link")
SALT = "earshot.fix.answer"
_LONGEST = 4_000

#: What a lead starts from; later fixes start from the wordings of the last one that was sent.
FIRST_WORDINGS = {
    "en": (
        "Hello {customer},\n\n"
        "You told us about a problem, and we have good news: it is fixed in version {version}. "
        "Please update and try again.\n\n"
        "Does it work for you now? Tell us with one click:\n{answer_link}\n\n"
        "Or simply answer this message. Thank you for taking the time to write to us."
    ),
    "zh-Hans": (
        "{customer}，您好！\n\n"
        "您之前向我们反馈的问题，已在 {version} 版本中修复。请更新后再试一次。\n\n"
        "现在正常了吗？点一下告诉我们：\n{answer_link}\n\n"
        "也可以直接回复本消息。感谢您抽时间告诉我们。"
    ),
}


class BadWording(Refused):
    code = "bad_wording"
    field = "text"


def first_wordings() -> dict[str, str]:
    """Return the wordings to begin with, by language: those of the last fix that was sent, else ours."""
    last = Fix.objects.exclude(started_at=None).order_by("-started_at").first()
    kept = {} if last is None else dict(last.wordings.values_list("language", "text"))
    return {**FIRST_WORDINGS, **kept}


def write_wording(fix: Fix, *, language: str, text: str) -> FixWording:
    """Keep ``text`` for readers of ``language``. Raises BadWording for an empty one and for unknown variables."""
    text = clean_text(text)[:_LONGEST]
    if not text:
        raise BadWording(_("Write something: the text is empty."))
    if unknown := unknown_variables(text, known=VARIABLES):
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise BadWording(_("Nobody would replace %(names)s.") % {"names": names})
    wording, _created = FixWording.objects.update_or_create(
        fix=fix, language=language, defaults={"text": text}
    )
    return wording


def answer_link(reporter: Reporter) -> str:
    """Return the secret address at which this person says whether it works now."""
    return f"{settings.PUBLIC_BASE_URL}/fixed/{secret_token(SALT, reporter.public_id)}"


def text_for(reporter: Reporter, *, fix: Fix, language: str, text: str) -> str:
    """Return ``text``, a wording in ``language``, as ``reporter`` reads it."""
    values = values_of(reporter.feedback, agent="", language=language)
    return fill(text, {**values, "version": fix.version, "answer_link": answer_link(reporter)})
