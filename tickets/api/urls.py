from __future__ import annotations

from config.kit.routes import both
from tickets.api import figure_views, hook_views, views

HOOK = "webhooks/<uuid:webhook_id>"

urlpatterns = [
    *both("tickets", views.Tickets.as_view(), name="tickets"),
    *both("tickets/<uuid:ticket_id>", views.OneTicket.as_view(), name="ticket"),
    *both("tickets/<uuid:ticket_id>/replies", views.Replies.as_view(), name="ticket-replies"),
    *both("tickets/<uuid:ticket_id>/notes", views.Notes.as_view(), name="ticket-notes"),
    *both("tickets/<uuid:ticket_id>/actions", views.Actions.as_view(), name="ticket-actions"),
    *both("tickets/<uuid:ticket_id>/files", views.Files.as_view(), name="ticket-files"),
    *both("tickets/<uuid:ticket_id>/files/<uuid:file_id>", views.OneFile.as_view(), name="ticket-file"),
    *both(
        "tickets/<uuid:ticket_id>/attachments/<uuid:attachment_id>",
        views.OneAttachment.as_view(),
        name="ticket-attachment",
    ),
    *both("crisis-queue", views.Crisis.as_view(), name="crisis-queue"),
    *both("summaries", views.Summaries.as_view(), name="summaries"),
    *both("summaries/<uuid:summary_id>", views.OneSummary.as_view(), name="summary"),
    *both(
        "summaries/<uuid:summary_id>/compared-with/<uuid:other_id>",
        views.ComparedSummaries.as_view(),
        name="compared-summaries",
    ),
    *both("figures", figure_views.Figures.as_view(), name="figures"),
    *both("webhooks", hook_views.Hooks.as_view(), name="webhooks"),
    *both(HOOK, hook_views.OneHook.as_view(), name="webhook"),
    *both(f"{HOOK}/secret", hook_views.HookSecret.as_view(), name="webhook-secret"),
    *both(f"{HOOK}/tests", hook_views.HookTests.as_view(), name="webhook-tests"),
    *both(f"{HOOK}/deliveries", hook_views.HookDeliveries.as_view(), name="webhook-deliveries"),
    *both(f"{HOOK}/replays", hook_views.HookReplays.as_view(), name="webhook-replays"),
]
