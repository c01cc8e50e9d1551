"""The public page where a reporter says whether it works now."""

from django.urls import path

from tickets.fixes import views

urlpatterns = [path("fixed/<str:token>", views.answer_page, name="fix-answer")]
