"""The text sent to people whose problem is fixed: one wording per language, variables filled in safely."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from config.kit.errors import Refused
from config.kit.secret_links import secret_token
from config.kit.text import clean_text
from tickets.fixes.models import Fix, FixWording, Reporter
from tickets.replies.canned import values_of
from tickets.replies.variables import fill, unknown_variables

#: The variables a wording may contain; anything else in braces is refused.
_VARIABLES = ("customer", "number", "version", "subject", "platform", "device", "status_link", "answer_link")
#: Only for a known problem: its name.
_PROBLEM = "problem"
SALT = "earshot.fix.answer"
_LONGEST = 4_000

#: The initial wordings; later fixes start from the wordings of the last one that was sent.
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


#: The same for those who said "me too" to a known problem.
FIRST_PROBLEM_WORDINGS = {
    "en": (
        "Hello {customer},\n\n"
        "You told us that you have this problem, too: “{problem}”. It is solved. "
        "If there is an update of the app, please install it and try again.\n\n"
        "Does it work for you now? Tell us with one click:\n{answer_link}\n\n"
        "Or simply answer this message. Thank you for letting us know."
    ),
    "zh-Hans": (
        "{customer}，您好！\n\n"
        "您曾告诉我们您也遇到了这个问题：“{problem}”。问题已经解决；如有新版本，请更新后再试一次。\n\n"
        "现在正常了吗？点一下告诉我们：\n{answer_link}\n\n"
        "也可以直接回复本消息。感谢您的告知。"
    ),
}


class BadWording(Refused):
    code = "bad_wording"
    field = "text"


def first_wordings(fix: Fix) -> dict[str, str]:
    """Return the initial wordings by language: those of the last fix of this kind that was sent, else the defaults."""
    is_problem = fix.problem is not None
    sent = Fix.objects.exclude(started_at=None).filter(problem__isnull=not is_problem)
    last = sent.order_by("-started_at").first()
    kept = {} if last is None else dict(last.wordings.values_list("language", "text"))
    return {**(FIRST_PROBLEM_WORDINGS if is_problem else FIRST_WORDINGS), **kept}


def variables_of(fix: Fix) -> tuple[str, ...]:
    """Return the variables a wording of ``fix`` may contain."""
    return (*_VARIABLES, _PROBLEM) if fix.problem is not None else _VARIABLES


def write_wording(fix: Fix, *, language: str, text: str) -> FixWording:
    """Store ``text`` for readers of ``language``. Raises BadWording if it is empty or has unknown variables."""
    text = clean_text(text)[:_LONGEST]
    if not text:
        raise BadWording(_("Write something: the text is empty."))
    if unknown := unknown_variables(text, known=variables_of(fix)):
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise BadWording(_("Nobody would replace %(names)s.") % {"names": names})
    wording, _created = FixWording.objects.update_or_create(
        fix=fix, language=language, defaults={"text": text}
    )
    return wording


def answer_link(reporter: Reporter) -> str:
    """Return the secret URL where this person says whether it works now."""
    return f"{settings.PUBLIC_BASE_URL}/fixed/{secret_token(SALT, reporter.public_id)}"


def text_for(reporter: Reporter, *, fix: Fix, language: str, text: str) -> str:
    """Return ``text``, a wording in ``language``, filled in for ``reporter``."""
    values = values_of(reporter.feedback, agent="", language=language)
    if fix.problem is not None:
        values[_PROBLEM] = fix.name_for(language)
    return fill(text, {**values, "version": fix.version, "answer_link": answer_link(reporter)})
