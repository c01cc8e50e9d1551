from django.db import models


class Lane(models.TextChoices):
    """A Celery queue with workers of its own, so that no lane delays another."""

    CRISIS = "crisis"
    DEFAULT = "default"
    TEXT = "text"
    BULK = "bulk"


class Priority(models.IntegerChoices):
    """The order within a lane: lower goes first."""

    URGENT = 0
    NORMAL = 5
    BULK = 9
