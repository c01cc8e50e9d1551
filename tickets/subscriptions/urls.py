"""Summaries by mail: the page of a user's subscriptions, and the link that ends one."""

from django.urls import path

from tickets.subscriptions import views

urlpatterns = [
    path("admin/summaries/mail/", views.subscriptions_page, name="summary-mail"),
    path("admin/summaries/<uuid:public_id>/mail/", views.mail_preview, name="summary-mail-preview"),
    path("unsubscribe/<str:token>", views.unsubscribe_page, name="unsubscribe"),
]
