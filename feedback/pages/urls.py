from __future__ import annotations

from django.urls import path

from feedback.pages import help_views, lost_views, views

urlpatterns = [
    path("", views.home, name="home"),
    path("submit", views.submit_page, name="submit"),
    path("suggestions", help_views.suggestions, name="suggestions"),
    path("help/", help_views.index, name="help"),
    path("help/<slug:slug>", help_views.article, name="help-article"),
    path("help/<slug:slug>/opinion", help_views.opinion, name="help-opinion"),
    path("mine", lost_views.lost_link, name="lost-link"),
    path("mine/<str:token>", lost_views.my_feedback, name="my-feedback"),
    path("status/<str:token>", views.status, name="status"),
    path("status/<str:token>/messages", views.add_message, name="status-message"),
    path("status/<str:token>/rating", views.add_rating, name="status-rating"),
    path("status/<str:token>/files/<uuid:attachment_id>", views.file, name="status-file"),
]
