"""All URLs of the service; probes and feedback come first, as they are requested most."""

from django.contrib import admin
from django.urls import include, path

from config import api_docs, health, metrics
from config.kit.problem_pages import problem_page

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("health", health.health, name="health"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/v1/", include("feedback.api.urls")),
    path("api/v1/", include("users.api.urls")),
    path("api/v1/", include("tickets.api.urls")),
    path("api/schema/", api_docs.schema, name="schema"),
    path("api/docs/", api_docs.docs, name="api-docs"),
    path("problems/<slug:code>", problem_page, name="problem"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/desk/", include("tickets.workbench.urls")),
    path("", include("tickets.subscriptions.urls")),
    path("admin/summaries/", include("tickets.summaries.urls")),
    path("admin/warnings/", include("tickets.warnings.urls")),
    path("admin/figures/", include("tickets.figures.urls")),
    path("live/", include("tickets.live.urls")),
    path("admin/", admin.site.urls),
    path("", include("users.pages.urls")),
    path("", include("feedback.pages.urls")),
    path("", include("tickets.fixes.urls")),
]

handler400 = "config.kit.problems.bad_request"
handler403 = "config.kit.problems.permission_denied"
handler404 = "config.kit.problems.page_not_found"
handler500 = "config.kit.problems.server_error"
