"""The file of a customer, for those who work with one of their tickets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline

from config.kit.admin import ByRole, HouseAdmin, HouseInline
from tickets.desk.models import Ticket
from users.profiles.models import Address, Consent, Customer, Habit, Preferences


class AddressInline(HouseInline):
    """Addresses are proven by what customers do, so people only note that one bounces or works again."""

    model = Address
    seen_by = changed_by = "is_agent"
    is_addable = False
    fields = ("kind", "value", "is_proven", "is_reachable", "created_at")
    readonly_fields = ("kind", "value", "is_proven", "created_at")


class PreferencesInline(ByRole, StackedInline):
    model = Preferences
    seen_by = changed_by = "is_agent"
    extra = 0
    max_num = 1
    fields = (("language", "channel"), ("time_zone", "quiet_from", "quiet_until"), "opt_outs")


class ConsentInline(HouseInline):
    model = Consent
    seen_by = "is_agent"
    fields = ("purpose", "is_granted", "notice_version", "at")
    ordering = ("-at",)


class HabitInline(HouseInline):
    model = Habit
    seen_by = "is_agent"
    fields = ("kind", "value", "seen_count", "of_count", "updated_at")


@admin.register(Customer)
class CustomerAdmin(HouseAdmin):
    seen_by = changed_by = "is_agent"
    is_addable = False
    list_display = ("name_shown", "segment", "is_minor", "created_at")
    list_filter = ("segment", "is_minor")
    # Whole addresses and the beginning of names: both have an index, fragments would read every row.
    search_fields = ("addresses__normalised__exact", "display_name__startswith")
    search_help_text = gettext_lazy("A whole address, or how a name begins")
    ordering = ("-id",)
    fields = (("display_name", "segment"), ("is_minor", "created_at"))
    readonly_fields = ("created_at",)
    inlines = (AddressInline, PreferencesInline, ConsentInline, HabitInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        """Only customers of tickets that this login may read: nobody browses people."""
        own = Ticket.objects.visible_to(request.user).filter(  # type: ignore[arg-type]
            feedback__customer=OuterRef("pk")
        )
        return Customer.objects.current().filter(Exists(own.order_by()))

    @admin.display(description=gettext_lazy("name"))
    def name_shown(self, customer: Customer) -> str:
        return str(customer)

    def save_formset(self, request: HttpRequest, form: forms.Form, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            if isinstance(row, Preferences):
                row.updated_at = timezone.now()
            row.save()
