"""Warnings, under /admin/warnings/."""

from django.urls import path

from tickets.warnings import pages

app_name = "warnings"
urlpatterns = [
    path("", pages.index, name="list"),
    path("<uuid:public_id>/", pages.warning_page, name="warning"),
    path("<uuid:public_id>/decide/", pages.decide, name="decide"),
]
