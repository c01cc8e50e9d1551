"""Help articles and known problems in several languages, and their passages as vectors."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField

from feedback.analysis.models import DIMENSIONS
from feedback.intake.models import Feedback, Topic
from feedback.themes.models import Theme

#: How long a known problem is still shown to customers after it was solved.
TOLD_AFTER_SOLUTION = timedelta(days=30)


class Passage(models.Model):
    """A passage of an article, a known problem or a canned reply; a worker computes its vector once.

    Identified by its text and the encoder, so that text written twice, or changed and changed back, is not
    encoded again.
    """

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the encoder and the text.")
    text = models.TextField()
    encoder = models.CharField(max_length=40)
    vector = HalfVectorField(
        dimensions=DIMENSIONS, null=True, help_text="Unit length; null until it is made."
    )

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")

    def __str__(self) -> str:
        return self.text[:60]


class Wording(models.Model):
    """The title and text of an entry in one language, searchable by words and by meaning."""

    language = models.CharField(_("language"), max_length=10)
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), help_text=_("Markdown: headings, lists, bold, links. No HTML."))
    asked = models.TextField(
        _("how people say it"),
        blank=True,
        help_text=_(
            "One sentence a line, in their own words. It is not shown; it makes this easier to find."
        ),
    )
    words = SearchVectorField(null=True, editable=False)
    passages: models.ManyToManyField[Passage, models.Model] = models.ManyToManyField(
        Passage, related_name="+", editable=False
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class ArticleState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> ArticleQuerySet:
        """Articles that everyone may read."""
        return self.filter(state=ArticleState.PUBLISHED)


class Article(models.Model):
    """A help article: an answer that we would give anyway, written once and well."""

    slug = models.SlugField(_("address"), unique=True, help_text=_("The end of its address: /help/…"))
    state = models.CharField(
        _("state"), max_length=9, choices=ArticleState.choices, default=ArticleState.DRAFT
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices, blank=True)
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    platforms = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("platforms"),
        default=list,
        blank=True,
        help_text=_("Such as android, ios, web. Empty: all."),
    )
    updated_at = models.DateTimeField(_("changed"), editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("updated by"),
    )

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("help article")
        verbose_name_plural = _("help articles")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ArticleState.values), name="article_state_known"),
        ]

    def __str__(self) -> str:
        return self.slug


class ArticleText(Wording):
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts")

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="article_text_per_language")
        ]
        # Search for the words of a question in articles.
        indexes = [GinIndex(fields=["words"], name="article_text_words")]


class Opinion(models.Model):
    """Per wording and day, how many readers said that it helped and how many that it did not; anonymous counts."""

    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="opinions")
    given_date = models.DateField(_("day"))
    helped_count = models.PositiveIntegerField(_("it helped"), default=0)
    not_helped_count = models.PositiveIntegerField(_("it did not help"), default=0)

    class Meta:
        verbose_name = _("opinion of readers")
        verbose_name_plural = _("opinions of readers")
        constraints = [models.UniqueConstraint(fields=["text", "given_date"], name="opinion_once_per_day")]

    def __str__(self) -> str:
        return f"{self.text_id} {self.given_date}: {self.helped_count}/{self.not_helped_count}"


class ProblemState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Being worked on")
    RESOLVED = "resolved", _("Solved")


class KnownProblemQuerySet(models.QuerySet["KnownProblem"]):
    def told(self, at: datetime) -> KnownProblemQuerySet:
        """Problems shown to customers at ``at``: those being worked on, and those solved recently."""
        lately = Q(state=ProblemState.RESOLVED, resolved_at__gt=at - TOLD_AFTER_SOLUTION)
        return self.filter(Q(state=ProblemState.PUBLISHED) | lately)


class KnownProblem(models.Model):
    """A problem that we admit in public, in our own words, never in those of the customers who reported it."""

    public_id = models.UUIDField(_("public id"), default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(
        _("state"), max_length=9, choices=ProblemState.choices, default=ProblemState.DRAFT
    )
    theme = models.ForeignKey(
        Theme,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("theme"),
        help_text=_("Whoever says “me too” counts there."),
    )
    since = models.DateField(_("since"))
    fixed_in = models.CharField(
        _("fixed in"), max_length=60, blank=True, help_text=_("A version or a date, once it is certain.")
    )
    resolved_at = models.DateTimeField(_("solved"), null=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("updated by"),
    )

    objects: ClassVar[KnownProblemQuerySet] = KnownProblemQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("known problem")
        verbose_name_plural = _("known problems")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ProblemState.values), name="problem_state_known"),
            models.CheckConstraint(
                condition=~Q(state=ProblemState.RESOLVED) | Q(resolved_at__isnull=False),
                name="problem_resolved_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.since}"


class ProblemText(Wording):
    problem = models.ForeignKey(KnownProblem, on_delete=models.CASCADE, related_name="texts")

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        constraints = [
            models.UniqueConstraint(fields=["problem", "language"], name="problem_text_per_language")
        ]
        # Search for the words of a question in known problems.
        indexes = [GinIndex(fields=["words"], name="problem_text_words")]


class Report(models.Model):
    """A customer's "me too": a feedback of their own, linked to the known problem."""

    feedback = models.OneToOneField(
        Feedback, on_delete=models.PROTECT, primary_key=True, related_name="known_problem_report"
    )
    problem = models.ForeignKey(KnownProblem, on_delete=models.PROTECT, related_name="reports")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("report of a known problem")
        verbose_name_plural = _("reports of known problems")

    def __str__(self) -> str:
        return f"{self.feedback_id}: {self.problem_id}"
