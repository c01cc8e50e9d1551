"""Load the models of the text analysis before the first message comes.

The second or two that takes is not an urgent message's. Celery's workers do it as they start
(config/celery.py); the sweeper here, for it takes over when Redis is away.
"""

import threading

from config.kit.outbox import sweeper
from feedback.analysis.assess import assess


def sweep_until(stop: threading.Event) -> None:
    """Sweep until ``stop``, loading the models meanwhile."""
    threading.Thread(target=assess, args=("warm up",), name="warm-up", daemon=True).start()
    sweeper.sweep_until(stop)
