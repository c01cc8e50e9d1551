from __future__ import annotations

from config.kit.routes import both
from feedback.api.views import batch, following, history, knowledge, submitting

OWN, LINK = "feedback/<uuid:feedback_id>", "status/<str:token>"

urlpatterns = [
    *both("feedback", submitting.FeedbackCollection.as_view(), name="feedback"),
    *both("feedback/batch", batch.FeedbackBatch.as_view(), name="feedback-batch"),
    *both("feedback/known-problems", knowledge.KnownProblems.as_view(), name="known-problems"),
    *both(
        "known-problems/<uuid:problem_id>/reports", knowledge.Reports.as_view(), name="known-problem-reports"
    ),
    *both("articles", knowledge.Articles.as_view(), name="articles"),
    *both("articles/<slug:slug>", knowledge.OneArticle.as_view(), name="article"),
    *both("me/history", history.MyHistory.as_view(), name="my-history"),
    *both(OWN, following.OwnFeedback.as_view(), name="own-feedback"),
    *both(f"{OWN}/messages", following.OwnMessages.as_view(), name="own-messages"),
    *both(f"{OWN}/rating", following.OwnRating.as_view(), name="own-rating"),
    *both(
        f"{OWN}/attachments/<uuid:attachment_id>", following.OwnAttachment.as_view(), name="own-attachment"
    ),
    *both(LINK, following.LinkedFeedback.as_view(), name="linked-feedback"),
    *both(f"{LINK}/messages", following.LinkedMessages.as_view(), name="linked-messages"),
    *both(f"{LINK}/rating", following.LinkedRating.as_view(), name="linked-rating"),
    *both(
        f"{LINK}/attachments/<uuid:attachment_id>",
        following.LinkedAttachment.as_view(),
        name="linked-attachment",
    ),
]
