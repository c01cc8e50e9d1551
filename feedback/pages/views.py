"""The public pages: tell us, and follow what became of it."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import takewhile
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.kit.caching import NEVER
from config.kit.errors import Refused
from config.kit.naming import page_language
from config.kit.pages import public_page, secret_page
from config.kit.throttles import places_of
from feedback.api.conversation import MOST_PARTS, Conversation, author_of, conversation
from feedback.api.downloads import download_from
from feedback.api.known_problems import ProblemNotKnown, report, told_problem
from feedback.api.submission import Named, Sender, Submission, sender_of, submit, what_next
from feedback.intake.first_answers import FirstAnswer, first_answer
from feedback.intake.links import feedback_for_token, status_link, status_token
from feedback.intake.models import Direction, Feedback, FeedbackState
from feedback.intake.ratings import rate
from feedback.intake.screen import screen
from feedback.intake.services import KeyReused, Receipt
from feedback.knowledge.recommend import Known
from feedback.knowledge.services import wording_for
from feedback.knowledge.suggesting import Suggestions, suggestions_for
from feedback.pages.forms import FeedbackForm, MessageForm, RatingForm
from feedback.pages.refusals import NOT_ACCEPTED, TOO_MANY, minutes_of, too_early


@require_safe
@public_page
def home(request: HttpRequest) -> HttpResponseBase:
    """Say what this is, and take feedback."""
    return render(request, "pages/home.html", {"form": FeedbackForm()})


@require_http_methods(["GET", "HEAD", "POST"])
@public_page
def submit_page(request: HttpRequest) -> HttpResponseBase:
    """Take a feedback and lead to its status page; show the form again with what is wrong."""
    if request.method != "POST":
        context = {"form": FeedbackForm(), "suggested": asked_about(request.GET.get("problem", ""))}
        return render(request, "pages/submit.html", context)
    form = FeedbackForm(request.POST, request.FILES)
    if (wait := too_early(request)) is not None:
        return render(request, "pages/submit.html", refused_for(wait, form), status=TOO_MANY)
    if not form.is_valid():
        return render(request, "pages/submit.html", {"form": form}, status=NOT_ACCEPTED)
    at, values = timezone.now(), form.cleaned_data
    if may_be_asked(values) and (suggested := suggestions_for(values["text"], at=at)).problems:
        return render(request, "pages/submit.html", {"form": form, "suggested": suggested})
    named = None
    if not request.user.is_authenticated and values["email"]:
        named = Named(email=values["email"], name=values["name"])
    said = Submission(
        values["text"],
        form.files_given(),
        {
            "topic_hint": values["topic"],
            "app_version": values["app_version"],
            "device": values["device"],
            "platform": "web",
        },
        raw_of(request),
    )
    try:
        sender = sender_of(request.user, None, named=named, network=places_of(request)[1], at=at)
        if values["known"]:
            receipt = report_form(sender, values["known"], said, key=key_of(values), at=at)
        else:
            receipt = submit_form(sender, said, key=key_of(values), at=at)
    except Refused as refusal:
        form.add_error("text", str(refusal))
        return render(request, "pages/submit.html", {"form": form}, status=NOT_ACCEPTED)
    return to_status(status_token(receipt.feedback.public_id), "sent")


def asked_about(problem_id: str) -> Suggestions | None:
    """Return the known problem of a "me too" that began on the help page; None when it is told no more."""
    try:
        problem = told_problem(UUID(problem_id), at=timezone.now())
    except (ValueError, ProblemNotKnown):
        return None
    known = Known(problem, wording_for(problem, page_language()), score=1.0, is_foreign=False)
    return Suggestions([known], [])


def may_be_asked(values: dict[str, Any]) -> bool:
    """Say whether to ask "is it one of these?" before anything is stored.

    Never twice; never when files would have to be chosen again; never whoever writes of danger.
    """
    answered = values["asked"] or values["known"]
    return not answered and not values["attachments"] and not screen(values["text"])


@require_safe
@secret_page
@public_page
def status(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the conversation that the secret link opens."""
    return status_page(request, opened(token))


# No cookie opens these two, only the secret in the address; so no foreign page can forge them, and the
# policy no-referrer, which would make Django's check refuse every browser, may stand.
@csrf_exempt
@require_POST
@secret_page
@public_page
def add_message(request: HttpRequest, token: str) -> HttpResponseBase:
    """Add a message of whoever has the link."""
    feedback = opened(token)
    form = MessageForm(request.POST, request.FILES)
    if (wait := too_early(request)) is not None:
        return status_page(request, feedback, status=TOO_MANY, **refused_for(wait, form))
    if not form.is_valid():
        return status_page(request, feedback, status=NOT_ACCEPTED, form=form)
    sender = Sender(feedback.channel, f"link:{feedback.public_id.hex}")
    said = Submission(form.cleaned_data["text"], form.files_given(), raw=raw_of(request))
    try:
        submit_form(sender, said, key=key_of(form.cleaned_data), at=timezone.now(), thread=feedback)
    except Refused as refusal:
        form.add_error("text", str(refusal))
        return status_page(request, feedback, status=NOT_ACCEPTED, form=form)
    return to_status(token, "added")


@csrf_exempt
@require_POST
@secret_page
@public_page
def add_rating(request: HttpRequest, token: str) -> HttpResponseBase:
    """Keep how content whoever has the link is."""
    feedback = opened(token)
    form = RatingForm(request.POST)
    if not form.is_valid():
        return status_page(request, feedback, status=NOT_ACCEPTED, rating_form=form)
    try:
        rate(feedback, **form.cleaned_data, at=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return status_page(request, feedback, status=NOT_ACCEPTED, rating_form=form)
    return to_status(token, "rated")


@require_safe
@secret_page
def file(request: HttpRequest, token: str, attachment_id: UUID) -> HttpResponse:
    """Send a file of the conversation."""
    return download_from([opened(token)], attachment_id)


def opened(token: str) -> Feedback:
    """Return the feedback that ``token`` opens. Raises Http404."""
    feedback = feedback_for_token(token)
    if feedback is None:
        raise Http404
    return feedback


def status_page(
    request: HttpRequest, feedback: Feedback, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render the conversation of ``feedback``; ``context`` may hold forms with what is wrong in them."""
    before = asked_before(request)
    talk = conversation(feedback, before=before)
    done = request.GET.get("done", "")
    shown = {
        "is_earlier": before is not None,
        "together": [(one, status_path(one)) for one in handled_together(feedback, request.user)],
        "token": status_token(feedback.public_id),
        "talk": talk,
        "messages_shown": [(author_of(message), message) for message in talk.messages],
        "form": MessageForm(),
        "rating_form": RatingForm(),
        "help_now": help_for(talk),
        "next": next_for(talk) if before is None else "",
        "done": done,
        # A worker opens it a moment after the message came: the page does not say "solved" to whoever said it is not.
        "opens_again": talk.may_be_rated and done == "added",
        "link": status_link(feedback),
        "part_of_link": status_path(talk.part_of) if talk.part_of else "",
        "parts": [(one, status_path(one)) for one in talk.parts],
    }
    return render(request, "pages/status.html", shown | context, status=status)


def asked_before(request: HttpRequest) -> UUID | None:
    """Return before which message the page shows what was said, None for the newest."""
    try:
        return UUID(request.GET.get("before", ""))
    except ValueError:
        return None


def handled_together(feedback: Feedback, user: Any) -> list[Feedback]:
    """Return the threads that are handled as one with ``feedback`` and are this login's own.

    The secret link opens one thread: whoever was given it was not given the others. One query, none without a login.
    """
    if not user.is_authenticated:
        return []
    top = feedback.handled_with_id or feedback.pk
    matter = Feedback.objects.visible_to(user).filter(Q(pk=top) | Q(handled_with=top))
    return list(matter.exclude(pk=feedback.pk).order_by("pk")[:MOST_PARTS])


def status_path(feedback: Feedback) -> str:
    return reverse("status", args=[status_token(feedback.public_id)])


def help_for(talk: Conversation) -> FirstAnswer | None:
    """Return the first answer while nobody answered someone in danger; what they add since takes nothing back."""
    unanswered = takewhile(lambda message: message.direction == Direction.IN, reversed(talk.messages))
    return first_answer([hit for message in unanswered for hit in message.danger_hits])


def next_for(talk: Conversation) -> str:
    """Return what the customer may expect while nobody of us did anything, empty from then on. One query at most."""
    if talk.feedback.state != FeedbackState.RECEIVED or not talk.messages:
        return ""
    return what_next(talk.messages[-1], talk.feedback, at=timezone.now()).text


def submit_form(
    sender: Sender, said: Submission, *, key: str, at: datetime, thread: Feedback | None = None
) -> Receipt:
    """Store what a form says, once however often it is sent; another text under its key is another message."""
    try:
        return submit(sender, said, at=at, key=key, thread=thread)
    except KeyReused:
        # Somebody went back, wrote something else and sent the same form.
        return submit(sender, said, at=at, thread=thread)


def report_form(sender: Sender, problem_id: UUID, said: Submission, *, key: str, at: datetime) -> Receipt:
    """Store a "me too", once however often its form is sent. Raises ProblemNotKnown."""
    problem, language = told_problem(problem_id, at=at), page_language()
    # The same form may have been sent as a message before: a "me too" has a key of its own.
    key = key and f"{key}-{problem_id.hex}"
    try:
        return report(sender, problem, said, language=language, at=at, key=key)
    except KeyReused:
        return report(sender, problem, said, language=language, at=at)


def to_status(token: str, done: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(f"{reverse('status', args=[token])}?done={done}", status=303)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = NEVER
    return response


def refused_for(wait: float, form: MessageForm) -> dict[str, Any]:
    """Return what the page shows to who is too early: the text stays, and help is named all the same."""
    text = form.data.get("text", "")
    return {"form": form, "wait_minutes": minutes_of(wait), "help_now": first_answer(screen(text))}


def key_of(values: dict[str, Any]) -> str:
    return str(values["key"]) if values.get("key") else ""


def raw_of(request: HttpRequest) -> bytes:
    """Return what was typed, to be kept as it came."""
    typed = {
        name: value for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", "key")
    }
    return json.dumps(typed, ensure_ascii=False).encode("utf-8", "replace")
