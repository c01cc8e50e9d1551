"""Summaries, under /admin/summaries/."""

from django.urls import path, re_path

from tickets.summaries import views

app_name = "summaries"
urlpatterns = [
    path("", views.index, name="list"),
    path("ask/", views.ask, name="ask"),
    path("runs/", views.runs, name="runs"),
    path("runs/<int:run_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:public_id>/", views.summary_page, name="summary"),
    path("<uuid:public_id>/publish/", views.publish_summary, name="publish"),
    path("<uuid:public_id>/again/", views.count_again, name="again"),
    re_path(r"^(?P<public_id>[0-9a-f-]{36})/export\.(?P<form>csv|json|md)$", views.export, name="export"),
    path("<uuid:public_id>/<uuid:point_id>/", views.point_page, name="point"),
    path("<uuid:public_id>/<uuid:point_id>/follow-up/", views.save_follow_up, name="follow_up"),
    path("<uuid:public_id>/<uuid:point_id>/theme/", views.change_theme, name="theme"),
]
