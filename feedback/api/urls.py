from __future__ import annotations

from config.kit.routes import both
from feedback.api.views import FeedbackCollection

urlpatterns = [
    *both("feedback", FeedbackCollection.as_view(), name="feedback"),
]
