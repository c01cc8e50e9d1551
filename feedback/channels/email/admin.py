"""Admin of mailbox states, bounces, and mail that arrived but became no message."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action, display

from config.kit.admin import HistoryAdmin
from feedback.channels.email.arriving import CannotBeWanted, want
from feedback.channels.email.models import Bounce, MailboxState
from feedback.channels.email.polling import ask_soon
from feedback.intake.models import RawMessage


@admin.register(MailboxState)
class MailboxStateAdmin(HistoryAdmin):
    """Shows since when and why a mailbox cannot be read; meanwhile its mails wait there, none is lost."""

    list_display = (
        *("channel", "health", "succeeded_at", "failing_since", "failures", "last_error"),
        *("received_count", "next_poll_at"),
    )
    list_filter = (("failing_since", admin.EmptyFieldListFilter),)
    list_select_related = ("channel",)
    ordering = ("channel__name",)
    fields = (
        *("channel", "succeeded_at", "polled_at", "failing_since", "failures", "last_error", "next_poll_at"),
        *("received_count", "uid_validity", "last_uid", "troubled_uids"),
    )
    actions = ("read_now",)

    @display(description=gettext_lazy("health"), label={"ok": "success", "failing": "danger", "new": "info"})
    def health(self, state: MailboxState) -> tuple[str, str]:
        if state.failing_since:
            return "failing", _("Cannot be read")
        return ("ok", _("Fine")) if state.succeeded_at else ("new", _("Not read yet"))

    @action(description=gettext_lazy("Read now"))
    def read_now(self, request: HttpRequest, rows: QuerySet[MailboxState]) -> None:
        ask_soon(rows, at=timezone.now())
        messages.success(request, _("The mailboxes are read within seconds, if the mail process runs."))


@admin.register(Bounce)
class BounceAdmin(HistoryAdmin):
    list_display = ("email", "number", "status", "is_permanent", "diagnostic", "at")
    list_filter = ("is_permanent",)
    list_select_related = ("message__feedback",)
    ordering = ("-id",)
    fields = ("email", "number", "status", "is_permanent", "diagnostic", "at")

    @admin.display(description=gettext_lazy("number"))
    def number(self, bounce: Bounce) -> str:
        return bounce.message.feedback.number


@admin.register(RawMessage)
class RawMessageAdmin(HistoryAdmin):
    """Lists raw messages without their content: a customer's words are not for browsing."""

    list_display = ("external_id", "channel", "media_type", "received_at", "handled_at", "set_aside")
    list_filter = ("channel", "set_aside", "origin")
    list_select_related = ("channel",)
    ordering = ("-id",)
    fields = (
        "external_id",
        "channel",
        "media_type",
        "digest",
        "origin",
        "received_at",
        "handled_at",
        "set_aside",
    )

    actions = ("make_feedback",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RawMessage]:
        return super().get_queryset(request).defer("content")

    @action(description=gettext_lazy("Make feedback of mail that was set aside"))
    def make_feedback(self, request: HttpRequest, rows: QuerySet[RawMessage]) -> None:
        done = 0
        for raw in rows.defer(None):
            try:
                want(raw, at=timezone.now())
            except CannotBeWanted as refusal:
                messages.warning(request, f"{raw.external_id}: {refusal}")
            else:
                done += 1
                self.log_change(request, raw, "Wanted a message of it.")
        if done:
            told = ngettext(
                "%(count)s mail becomes feedback within seconds.",
                "%(count)s mails become feedback within seconds.",
                done,
            )
            messages.success(request, told % {"count": done})
