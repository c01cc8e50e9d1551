"""Warm-up of a web process before it serves requests, so that no visitor waits for it."""

import gc

from django.urls import reverse

from feedback.intake.screen import screen


def settle() -> None:
    """Load every view and the danger words, and exclude the loaded objects from garbage collection.

    The loaded service has a quarter of a million objects; traversing them again and again took a tenth of the
    CPU time of requests.
    """
    reverse("healthz")
    screen("")
    gc.collect()
    gc.freeze()
    # Requests leave few cycles behind: a collection after every 700 new objects finds none.
    gc.set_threshold(10_000, 20, 20)
