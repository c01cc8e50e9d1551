"""The public page on which somebody says whether it works now."""

from django.urls import path

from tickets.fixes import views

urlpatterns = [path("fixed/<str:token>", views.answer_page, name="fix-answer")]
