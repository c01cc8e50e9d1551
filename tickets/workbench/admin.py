"""Admin of customers, for those who can read one of their tickets, of saved views and of macros."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextInputWidget

from config.kit.admin import ByRole, HouseAdmin, HouseInline, SpokenFields, select_for
from config.kit.errors import Refused
from config.kit.languages import LANGUAGE_NAMES
from config.kit.text import shortened
from feedback.intake.models import ChannelKind
from tickets.desk.models import Ticket
from tickets.queues.models import Queue
from tickets.workbench.customer import customer_file
from tickets.workbench.models import Macro, SavedView
from users.accounts.models import User
from users.accounts.staff import agents
from users.profiles.holdings import erase_customer, export_customer
from users.profiles.merging import merge
from users.profiles.models import Address, Consent, Customer, Habit, Preferences

#: A very long name must not push the other columns out of the list.
MOST_IN_A_LIST = 60


class AddressInline(HouseInline):
    """Customers prove their addresses by what they do; staff only note that one bounces or works again."""

    model = Address
    seen_by = changed_by = "is_agent"
    is_addable = False
    fields = ("kind", "value", "is_proven", "is_reachable", "created_at")
    readonly_fields = ("kind", "value", "is_proven", "created_at")


class PreferencesForm(forms.ModelForm):
    """Preferences are chosen from what is available; a value recorded in another way is kept."""

    offered: ClassVar[dict[str, Callable[[], Iterable[tuple[str, Any]]]]] = {
        "language": LANGUAGE_NAMES.items,
        "channel": lambda: ChannelKind.choices,
        "time_zone": lambda: ((zone, zone) for zone in sorted(available_timezones())),
    }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for name, choices in self.offered.items():
            noted = getattr(self.instance, name)
            self.fields[name] = select_for(self.fields[name], choices(), noted=noted, nothing=_("No wish"))
        for name in ("quiet_from", "quiet_until"):
            # Django's own widget warns about the server's time zone, but these hours are in the customer's.
            self.fields[name].widget = UnfoldAdminTextInputWidget(attrs={"type": "time"})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error(
                "quiet_until", _("Quiet hours have a beginning and an end: give both, or neither.")
            )
        return cleaned


class PreferencesInline(SpokenFields, ByRole, StackedInline):
    model = Preferences
    form = PreferencesForm
    seen_by = changed_by = "is_agent"
    extra = 0
    max_num = 1
    hide_title = True
    fields = (("language", "channel"), "time_zone", ("quiet_from", "quiet_until"), "opt_outs")


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
    list_display = ("name_shown", "addresses_shown", "newest_subject", "segment", "is_minor", "created_at")
    list_filter = ("segment", "is_minor")
    # Whole addresses and name prefixes have an index; searching fragments would read every row.
    search_fields = ("addresses__normalised__exact", "display_name__startswith")
    search_help_text = gettext_lazy("One or several whole addresses, or how a name begins")
    ordering = ("-id",)
    fields = (("display_name", "segment"), ("is_minor", "created_at"))
    readonly_fields = ("created_at",)
    actions = ("merge_two",)
    actions_detail = ("give_out", "forget")
    inlines = (AddressInline, PreferencesInline, ConsentInline, HabitInline)
    change_form_outer_after_template = "workbench/customer_history.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        """Return only customers of tickets that this user may read: nobody browses all customers."""
        theirs = Q(feedback__customer=OuterRef("pk")) | Q(feedback__customer__merged_into=OuterRef("pk"))
        visible = Ticket.objects.visible_to(request.user)  # type: ignore[arg-type]
        newest = visible.filter(feedback__customer=OuterRef("pk")).order_by("-feedback_id")
        return (
            Customer.objects.current()
            .filter(Exists(visible.filter(theirs).order_by()))
            .annotate(newest_subject=Subquery(newest.values("subject")[:1]))
            .prefetch_related("addresses")
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        """Find the owners of all addresses typed, so that two can be merged, or a name, which may contain spaces.

        One extra query.
        """
        typed = search_term.split()
        if not typed:
            return queryset, False
        spellings = {*typed, *(word.lower() for word in typed)}
        # A separate query: combined in one statement, the two conditions would use neither index.
        owners = list(Address.objects.filter(normalised__in=spellings).values_list("customer", flat=True))
        return queryset.filter(Q(pk__in=owners) | Q(display_name__startswith=" ".join(typed))), False

    @action(description=gettext_lazy("Merge: these two are one person"))
    def merge_two(self, request: HttpRequest, customers: QuerySet[Customer]) -> None:
        assert isinstance(request.user, User)
        chosen = list(customers.order_by("pk")[:3])
        if len(chosen) != 2:
            messages.error(request, _("Choose exactly two customers."))
            return
        try:
            merge(*chosen, actor=request.user, at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("They are one customer now. “Merges of customers” undoes it."))

    def has_privacy_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        """Return whether this user may answer requests for a customer's data or its erasure.

        Only administrators may, and only if they can read all of the customer's tickets. Three queries.
        """
        customer = self.get_object(request, str(object_id))
        if customer is None or not self._is(request, "is_administrator"):
            return False
        theirs = Ticket.objects.filter(feedback__customer__in=Customer.objects.one_person(customer))
        readable = Ticket.objects.visible_to(request.user).order_by()  # type: ignore[arg-type]
        return not theirs.exclude(pk__in=readable.values("pk")).exists()

    @action(
        description=gettext_lazy("Give out what is held"),
        icon="download",
        url_path="held",
        permissions=["privacy"],
    )
    def give_out(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Download everything held about the customer, as they would get it over REST."""
        customer = self._customer_or_404(request, object_id)
        self.log_change(request, customer, _("Gave out what is held."))
        name = f'attachment; filename="earshot-customer-{customer.pk}.json"'
        return JsonResponse(
            export_customer(customer),
            headers={"Content-Disposition": name},
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )

    @action(
        description=gettext_lazy("Erase this person…"),
        icon="person_cancel",
        url_path="erase",
        permissions=["privacy"],
    )
    def forget(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Ask for confirmation and explain what erasing does; erase on POST."""
        customer = self._customer_or_404(request, object_id)
        if request.method == "POST":
            erase_customer(customer, at=timezone.now())
            # The log must show the name after erasure.
            customer.refresh_from_db()
            self.log_change(request, customer, _("Erased."))
            messages.success(request, _("Erased: texts, files and addresses are gone for good."))
            return redirect("admin:users_customer_change", customer.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase a person"),
            "file": customer_file(customer, request.user),  # type: ignore[arg-type]
        }
        return TemplateResponse(request, "workbench/forget.html", context)

    def _customer_or_404(self, request: HttpRequest, object_id: int) -> Customer:
        customer: Customer | None = self.get_object(request, str(object_id))
        if customer is None:
            raise Http404
        return customer

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> Any:
        assert isinstance(request.user, User)
        if (customer := options.get("obj")) is not None:
            context["file"] = customer_file(customer, request.user)
        return super().render_change_form(request, context, **options)

    @admin.display(description=gettext_lazy("name"))
    def name_shown(self, customer: Customer) -> str:
        return shortened(str(customer), MOST_IN_A_LIST)

    @admin.display(description=gettext_lazy("addresses"))
    def addresses_shown(self, customer: Customer) -> str:
        """Tell customers without a name apart; the first two addresses are enough."""
        return " · ".join(address.value for address in list(customer.addresses.all())[:2]) or "–"

    @admin.display(description=gettext_lazy("latest ticket"))
    def newest_subject(self, customer: Customer) -> str:
        """Identify customers without name or address, by their newest ticket that this user may read."""
        return shortened(customer.newest_subject or "–", MOST_IN_A_LIST)  # type: ignore[attr-defined]

    def save_formset(self, request: HttpRequest, form: forms.Form, formset: Any, change: bool) -> None:
        for row in formset.save(commit=False):
            if isinstance(row, Preferences):
                row.updated_at = timezone.now()
            row.save()


@admin.register(SavedView)
class SavedViewAdmin(HouseAdmin):
    """Agents save views in the inbox; administrators can rename them or stop sharing them."""

    changed_by = "is_administrator"
    is_addable = False
    list_display = ("name", "owner", "is_shared", "saved_at")
    list_filter = ("is_shared",)
    list_select_related = ("owner",)
    search_fields = ("name",)
    ordering = ("name", "pk")
    fields = ("name", "is_shared", "owner", "filters", "saved_at")
    readonly_fields = ("owner", "filters", "saved_at")


@admin.register(Macro)
class MacroAdmin(HouseAdmin):
    """Leads define macros, as they do canned replies; agents see what each one does."""

    seen_by = "is_agent"
    changed_by = "is_lead"
    list_display = ("__str__", "canned_reply", "priority", "queue", "status", "position", "is_active")
    list_filter = ("is_active",)
    list_select_related = ("canned_reply", "queue")
    search_fields = ("name", "name_zh")
    ordering = ("position", "name")
    fields = (
        ("name", "name_zh"),
        ("position", "is_active"),
        "canned_reply",
        ("priority", "queue"),
        ("give_to", "assignee"),
        "tags",
        ("status", "aside_for"),
    )

    def formfield_for_dbfield(self, field: Any, request: HttpRequest | None, **options: Any) -> Any:
        if field.name == "tags":
            options["widget"] = UnfoldAdminTextInputWidget
        return super().formfield_for_dbfield(field, request, **options)

    def formfield_for_foreignkey(self, field: Any, request: HttpRequest, **options: Any) -> Any:
        """Offer only what a macro can do: no crisis queue, and only users who answer tickets."""
        if field.name == "queue":
            options["queryset"] = Queue.objects.filter(is_crisis=False).order_by("position", "name")
        elif field.name == "assignee":
            options["queryset"] = agents().order_by("username")
        return super().formfield_for_foreignkey(field, request, **options)
