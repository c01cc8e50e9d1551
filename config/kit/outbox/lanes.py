from django.db import models


class Lane(models.TextChoices):
    """Work that has workers of its own, so that no lane delays another."""

    CRISIS = "crisis"
    DEFAULT = "default"
    TEXT = "text"
    BULK = "bulk"
    #: Telling people that something is urgent. Sweepers alone do it, at once, from PostgreSQL: the road
    #: that must work while Redis is away is then the road that is used, and tried, every day.
    PAGE = "page"


#: The lanes that are Celery queues, whose rows are announced by a bell.
RUNG = frozenset({Lane.CRISIS, Lane.DEFAULT, Lane.TEXT, Lane.BULK})


class Priority(models.IntegerChoices):
    """The order within a lane: lower goes first."""

    URGENT = 0
    NORMAL = 5
    BULK = 9
