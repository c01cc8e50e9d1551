"""How each mailbox is doing, and what came back."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display

from config.kit.admin import HistoryAdmin
from feedback.channels.email.models import Bounce, MailboxState
from feedback.channels.email.polling import ask_soon


@admin.register(MailboxState)
class MailboxStateAdmin(HistoryAdmin):
    """A mailbox that cannot be read says since when and why; mails wait there meanwhile, none is lost."""

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
