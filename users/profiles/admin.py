"""The admin of customer merges, where they can be undone."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from config.kit.admin import HistoryAdmin
from config.kit.errors import Refused
from users.accounts.models import User
from users.profiles.merging import unmerge
from users.profiles.models import CustomerMerge


@admin.register(CustomerMerge)
class CustomerMergeAdmin(HistoryAdmin):
    """Merges of customers: agents see those they made themselves, administrators all of them."""

    seen_by = "is_agent"
    list_display = ("kept", "gone", "actor", "at", "undone_at", "undone_by")
    list_select_related = ("kept", "gone", "actor", "undone_by")
    list_filter = (("undone_at", admin.EmptyFieldListFilter),)
    ordering = ("-id",)
    fields = ("kept", "gone", "actor", "at", "undone_at", "undone_by")
    actions = ("undo",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[CustomerMerge]:
        merges: QuerySet[CustomerMerge] = super().get_queryset(request)
        user = request.user
        if isinstance(user, User) and user.is_administrator:
            return merges
        return merges.filter(actor=user.pk)

    @action(description=gettext_lazy("Undo: they are two people"))
    def undo(self, request: HttpRequest, merges: QuerySet[CustomerMerge]) -> None:
        assert isinstance(request.user, User)
        for done in merges.order_by("-pk"):
            try:
                unmerge(done, actor=request.user, at=timezone.now())
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, _("They are two customers again."))
