"""Team figures, under /admin/figures/."""

from django.urls import path

from tickets.figures import pages

app_name = "figures"
urlpatterns = [
    path("", pages.index, name="figures"),
    path("tickets/", pages.tickets, name="tickets"),
    path("export.csv", pages.export, {"form": "csv"}, name="csv"),
    path("export.json", pages.export, {"form": "json"}, name="json"),
]
