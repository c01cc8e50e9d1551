"""The admin of logins, teams and API tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from config.kit.admin import HouseAdmin
from users.accounts.models import STAFF_ROLES, ApiToken, Scope, Team, User
from users.accounts.services import issue_token, revoke_token

# Roles say who may do what; permission groups would be a second answer to the same question.
admin.site.unregister(Group)


class UserForm(UserChangeForm):
    """The form of a login with its teams: without a team an agent sees no tickets."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.order_by("name"),
        label=gettext_lazy("Teams"),
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=gettext_lazy("An agent sees and works the queues of these teams."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["teams"] = self.instance.teams.all()


@admin.register(User)
class UserAdmin(HouseAdmin, DjangoUserAdmin):  # type: ignore[misc]
    changed_by = "is_administrator"
    form = UserForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = (
        "username",
        "name_shown",
        "role",
        "is_crisis_team",
        "availability",
        "is_active",
        "last_login",
    )
    list_filter = ("role", "is_active", "is_crisis_team", "teams")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        (
            gettext_lazy("Person"),
            {"fields": (("first_name", "last_name"), ("email", "language"), "mails_mentions")},
        ),
        (gettext_lazy("Work"), {"fields": (("role", "availability"), "teams", "is_crisis_team")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "role", "usable_password", "password1", "password2"),
            },
        ),
    )

    @admin.display(description=gettext_lazy("name"))
    def name_shown(self, user: User) -> str:
        return user.name

    def save_model(self, request: HttpRequest, obj: User, form: forms.Form, change: bool) -> None:
        # The role decides who may enter the admin; a separate switch could contradict it.
        obj.is_staff = obj.is_superuser or obj.role in STAFF_ROLES
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: forms.Form, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "teams" in form.cleaned_data:
            form.instance.teams.set(form.cleaned_data["teams"])  # type: ignore[attr-defined]


@admin.register(Team)
class TeamAdmin(HouseAdmin):
    changed_by = "is_administrator"
    list_display = ("name", "slug")
    search_fields = ("name", "slug")
    ordering = ("name",)
    fields = ("name", "slug", "members")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("members",)


@admin.register(ApiToken)
class ApiTokenAdmin(HouseAdmin):
    """API tokens are issued and revoked, never changed; the secret is shown once."""

    changed_by = "is_administrator"
    list_display = ("name", "prefix", "user", "created_at", "expires_at", "last_used_at", "revoked_at")
    list_select_related = ("user",)
    list_filter = ("user__role",)
    ordering = ("-id",)
    autocomplete_fields = ("user",)
    fields = ("user", "name", "scopes", "expires_at")
    actions = ("revoke",)

    def formfield_for_dbfield(self, field: Any, request: HttpRequest | None, **options: Any) -> Any:
        asked = super().formfield_for_dbfield(field, request, **options)
        if field.name == "scopes":
            # With the codes used in the documentation and in error messages.
            asked.choices = [(scope.value, f"{scope.label} ({scope.value})") for scope in Scope]
        return asked

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return obj is None and super().has_change_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is(request, self.seen_by)

    def save_model(self, request: HttpRequest, obj: ApiToken, form: forms.Form, change: bool) -> None:
        given = form.cleaned_data
        token, secret = issue_token(
            given["user"],
            name=given["name"],
            scopes=given["scopes"],
            expires_at=given["expires_at"],
            at=timezone.now(),
        )
        obj.pk = token.pk
        messages.warning(
            request, _("Copy the token now, it is shown this once: %(secret)s") % {"secret": secret}
        )

    @action(description=gettext_lazy("Revoke"))
    def revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        for token in tokens:
            revoke_token(token, at=timezone.now())
        messages.success(request, _("Revoked: these tokens open nothing any more."))
