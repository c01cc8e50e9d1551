from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Lane(models.TextChoices):
    """Work that has workers of its own, so that no lane delays another."""

    CRISIS = "crisis", pgettext_lazy("lane", "Crisis")
    DEFAULT = "default", pgettext_lazy("lane", "Everyday")
    TEXT = "text", pgettext_lazy("lane", "Text analysis")
    BULK = "bulk", pgettext_lazy("lane", "Bulk")
    #: Telling people that something is urgent. Sweepers alone do it, at once, from PostgreSQL: the road
    #: that must work while Redis is away is then the road that is used, and tried, every day.
    PAGE = "page", pgettext_lazy("lane", "Paging")
    #: Webhooks of others, whose servers may take their time: threads of their own, so that they delay nothing of ours.
    HOOK = "hook", pgettext_lazy("lane", "Webhooks")


#: The lanes that are Celery queues, whose rows are announced by a bell.
RUNG = frozenset({Lane.CRISIS, Lane.DEFAULT, Lane.TEXT, Lane.BULK})

#: How many rows of a lane a worker does together, where reading many at once is cheaper: few where each is waited
#: for. Elsewhere each row gets a bell and a worker of its own.
BATCHES = {Lane.CRISIS: 8, Lane.BULK: 64}

#: Lanes whose full batches are half of the newest rows: whatever waits, one that comes now is done now. Keywords
#: find few urgent messages; the others must not stand in line behind a crowd, while the crowd goes on too.
NEWEST_TOO = frozenset({Lane.CRISIS})


class Priority(models.IntegerChoices):
    """The order within a lane: lower goes first."""

    URGENT = 0, _("Urgent")
    NORMAL = 5, _("Normal")
    BULK = 9, pgettext_lazy("lane", "Bulk")
