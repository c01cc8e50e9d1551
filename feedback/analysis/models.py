"""What the analysis found in a message, with reasons, and how people corrected it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from pgvector.django import BitField, HalfVectorField, HnswIndex

from feedback.intake.models import Message, Topic

DIMENSIONS = 512
#: The signs of a vector's numbers, one bit each: a sixteenth of the size, with nearly the same neighbours.
SIGNS = Cast(Func("vector", function="binary_quantize"), BitField(length=DIMENSIONS))


class UrgencyLane(models.TextChoices):
    RED = "red", _("Red")
    AMBER = "amber", _("Amber")
    NONE = "none", _("Ordinary")


class CrisisCategory(models.TextChoices):
    CONTENT = "content", _("Content violation")
    TECH = "tech", _("Technical failure")
    EXTERNAL = "external", _("External factors")
    MANAGEMENT = "management", _("Management failure")
    SAFETY = "safety", _("Personal safety")
    SECURITY = "security", _("Security and privacy")
    LEGAL = "legal", _("Legal and media threat")


class Assessment(models.Model):
    """What one version of the models found in one message, as of the time of assessment."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="assessment")
    language = models.CharField(_("language"), max_length=10)
    language_confidence = models.FloatField()
    sentiment = models.FloatField(_("sentiment"), help_text="-1 bad .. 1 good")
    is_sentiment_sure = models.BooleanField(default=True)
    tone = models.CharField(_("tone"), max_length=12)
    urgency = models.FloatField(_("urgency"), help_text="0..1")
    lane = models.CharField(_("urgency lane"), max_length=5, choices=UrgencyLane.choices)
    categories = models.JSONField(default=list, help_text="[[code, probability], ...], the likeliest first")
    topic = models.CharField(_("topic"), max_length=12, choices=Topic.choices)
    flags = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    reasons = models.JSONField(default=list)
    model_version = models.CharField(_("model"), max_length=40)
    assessed_at = models.DateTimeField(_("assessed"))

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(condition=Q(lane__in=UrgencyLane.values), name="assessment_lane_known"),
            models.CheckConstraint(
                condition=Q(urgency__gte=0, urgency__lte=1), name="assessment_urgency_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(sentiment__gte=-1, sentiment__lte=1), name="assessment_sentiment_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.lane} {self.urgency:.2f}"

    @property
    def category(self) -> str:
        """The likeliest crisis category, or empty for an ordinary message."""
        return self.categories[0][0] if self.categories and self.lane != UrgencyLane.NONE else ""


class MessageVector(models.Model):
    """The vector of a message: computed once, used by search, duplicates and themes."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="vector", primary_key=True)
    vector = HalfVectorField(dimensions=DIMENSIONS, help_text="unit length")
    encoder = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("vector")
        verbose_name_plural = _("vectors")
        indexes = [
            # feedback.analysis.nearest: the messages nearest in meaning, by the signs of their vectors.
            HnswIndex(OpClass(SIGNS, name="bit_hamming_ops"), name="message_vector_nearest"),
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class MessageSearch(models.Model):
    """The search index entry of a message: lexemes that we split, and codes that any part of them finds."""

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="search", primary_key=True)
    words = SearchVectorField()
    codes = models.TextField(blank=True)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        indexes = [
            # Words and phrases, Chinese and English.
            GinIndex(fields=["words"], name="message_search_words"),
            # Part of an order number; small, since it holds only codes and not whole texts.
            GinIndex(fields=["codes"], opclasses=["gin_trgm_ops"], name="message_search_codes"),
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class Overruled(models.TextChoices):
    """The fields of an assessment that a person can correct."""

    LANE = "lane", _("urgency lane")
    TOPIC = "topic", _("topic")
    CATEGORY = "category", _("crisis category")


class Correction(models.Model):
    """A person's correction of the analysis; the newest one for a field applies and trains the next model."""

    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, related_name="corrections", verbose_name=_("message")
    )
    field = models.CharField(_("field"), max_length=20, choices=Overruled.choices)
    old = models.CharField(_("was"), max_length=60)
    new = models.CharField(_("is"), max_length=60)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("corrected by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.spoken(self.old)} → {self.spoken(self.new)}"

    def spoken(self, code: str) -> str:
        """Return the label of ``code``, a value of the corrected field; ``–`` for none."""
        codes = {Overruled.LANE: UrgencyLane, Overruled.TOPIC: Topic, Overruled.CATEGORY: CrisisCategory}
        return str(dict(codes[Overruled(self.field)].choices).get(code, code or "–"))
