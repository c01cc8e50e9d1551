from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Lane(models.TextChoices):
    """A class of work with its own workers, so that no lane delays another."""

    CRISIS = "crisis", pgettext_lazy("lane", "Crisis")
    DEFAULT = "default", pgettext_lazy("lane", "Everyday")
    TEXT = "text", pgettext_lazy("lane", "Text analysis")
    BULK = "bulk", pgettext_lazy("lane", "Bulk")
    #: Paging people. Only sweepers do it, at once, from PostgreSQL: the path that must work while Redis is
    #: away is then used, and tested, every day.
    PAGE = "page", pgettext_lazy("lane", "Paging")
    #: Webhooks to other people's servers, which may be slow: separate threads, so that they delay nothing of ours.
    HOOK = "hook", pgettext_lazy("lane", "Webhooks")


#: The lanes that are Celery queues; their rows are announced by a bell.
RUNG = frozenset({Lane.CRISIS, Lane.DEFAULT, Lane.TEXT, Lane.BULK})

#: How many rows a worker does together in lanes where a batch is cheaper: few where someone waits for each row.
#: In other lanes each row has a bell and a worker of its own.
BATCHES = {Lane.CRISIS: 8, Lane.BULK: 64}

#: Lanes in which half of a full batch are the newest rows, so that a new row is done now whatever the backlog.
#: Keywords find few urgent messages; the others must not queue behind a burst, which progresses, too.
NEWEST_TOO = frozenset({Lane.CRISIS})


class Priority(models.IntegerChoices):
    """The order within a lane: lower goes first."""

    URGENT = 0, _("Urgent")
    NORMAL = 5, _("Normal")
    BULK = 9, pgettext_lazy("lane", "Bulk")
