"""URLs of summaries, under /admin/summaries/."""

from django.urls import path, re_path

from tickets.summaries import compare_pages, fix_pages, views

app_name = "summaries"
urlpatterns = [
    path("", views.index, name="list"),
    path("ask/", views.ask, name="ask"),
    path("runs/", views.runs, name="runs"),
    path("runs/<int:run_id>/cancel/", views.cancel, name="cancel"),
    path("compare/", compare_pages.compare_page, name="compare"),
    path("fixes/solved/<uuid:problem_id>/", fix_pages.tell_solved, name="tell_solved"),
    path("fixes/<uuid:fix_id>/", fix_pages.fix_page, name="fix"),
    path("fixes/<uuid:fix_id>/wording/", fix_pages.save_wording, name="fix_wording"),
    path("fixes/<uuid:fix_id>/move/", fix_pages.move_fix, name="fix_move"),
    path("<uuid:public_id>/", views.summary_page, name="summary"),
    path("<uuid:public_id>/publish/", views.publish_summary, name="publish"),
    path("<uuid:public_id>/again/", views.count_again, name="again"),
    re_path(r"^(?P<public_id>[0-9a-f-]{36})/export\.(?P<form>csv|json|md|pdf)$", views.export, name="export"),
    path("<uuid:public_id>/<uuid:point_id>/", views.point_page, name="point"),
    path("<uuid:public_id>/<uuid:point_id>/follow-up/", views.save_follow_up, name="follow_up"),
    path("<uuid:public_id>/<uuid:point_id>/theme/", views.change_theme, name="theme"),
]
