"""The admin of help articles and known problems, in several languages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline

from config.kit.admin import ByRole, HouseAdmin, WordingForm, languages_shown
from config.kit.naming import page_language
from feedback.knowledge.models import (
    Article,
    ArticleState,
    ArticleText,
    KnownProblem,
    Opinion,
    ProblemState,
    ProblemText,
)
from feedback.knowledge.opinions import LOOKED_BACK
from feedback.knowledge.services import index_wording, wording_for
from feedback.themes.models import Theme


class WordingInline(ByRole, StackedInline):
    """The wordings of an entry. They may be deleted: what was sent to customers is kept in their messages."""

    form = WordingForm
    fields = ("language", "title", "body", "asked")
    seen_by = "is_agent"
    changed_by = "is_lead"
    extra = 0
    min_num = 1

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)


class ArticleTextInline(WordingInline):
    model = ArticleText


class ProblemTextInline(WordingInline):
    model = ProblemText


class EntryAdmin(HouseAdmin):
    """The base of admins of entries with a wording per language; saved wordings are indexed for search."""

    seen_by = "is_agent"
    changed_by = "is_lead"
    search_fields = ("texts__title", "texts__body")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("texts")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.updated_at, obj.updated_by = timezone.now(), request.user
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.save()
        for wording in (*formset.new_objects, *(changed for changed, _fields in formset.changed_objects)):
            index_wording(wording, at=timezone.now())

    @admin.display(description=gettext_lazy("title"))
    def title(self, entry: Any) -> str:
        return wording_for(entry, page_language()).title if entry.texts.all() else "…"

    @admin.display(description=gettext_lazy("languages"))
    def languages(self, entry: Any) -> str:
        return languages_shown(entry.texts.all())


@admin.register(Article)
class ArticleAdmin(EntryAdmin):
    list_display = ("title", "state", "topic", "languages", "helps", "updated_at", "page")
    list_filter = ("state", "topic")
    ordering = ("-updated_at",)
    fields = (("slug", "state"), ("topic", "tags", "platforms"))
    inlines = (ArticleTextInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        recent = Opinion.objects.filter(
            text__article=OuterRef("pk"), given_date__gt=timezone.localdate() - LOOKED_BACK
        )
        sums = recent.values("text__article").annotate(yes=Sum("helped_count"), no=Sum("not_helped_count"))
        return (
            super()
            .get_queryset(request)
            .annotate(yes=Subquery(sums.values("yes")), no=Subquery(sums.values("no")))
        )

    @admin.display(description=gettext_lazy("it helped"))
    def helps(self, article: Any) -> str:
        """Return the share of readers who said so in the last half year, and how many answered."""
        asked = (article.yes or 0) + (article.no or 0)
        if not asked:
            return "–"
        return _("%(percent)s of %(asked)s") % {"percent": f"{article.yes / asked:.0%}", "asked": asked}

    @admin.display(description=gettext_lazy("page"))
    def page(self, article: Article) -> str:
        if article.state != ArticleState.PUBLISHED:
            return ""
        return format_html(
            '<a href="{}">/help/{}</a>', reverse("help-article", args=[article.slug]), article.slug
        )


class KnownProblemForm(forms.ModelForm):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if "theme" in self.fields:
            # Shown themes, the most recently seen first; a theme chosen earlier remains available.
            themes = Theme.objects.shown().order_by("-last_seen_at")
            self.fields["theme"].queryset = themes | Theme.objects.filter(pk=self.instance.theme_id)  # type: ignore[attr-defined]


@admin.register(KnownProblem)
class KnownProblemAdmin(EntryAdmin):
    form = KnownProblemForm
    list_display = ("title", "state", "since", "fixed_in", "reports_shown", "languages", "updated_at")
    list_filter = ("state",)
    ordering = ("-since", "-id")
    fields = (("state", "since", "fixed_in"), "theme")
    inlines = (ProblemTextInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return (
            super().get_queryset(request).annotate(people=Count("reports__feedback__customer", distinct=True))
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"since": timezone.localdate(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if obj.state != ProblemState.RESOLVED:
            obj.resolved_at = None
        elif obj.resolved_at is None:
            obj.resolved_at = timezone.now()
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("people who said “me too”"))
    def reports_shown(self, problem: Any) -> int:
        return int(problem.people)
