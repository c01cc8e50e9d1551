"""Event streams, under /live/. In production the asynchronous server handles them."""

from django.urls import path

from tickets.live import views

app_name = "live"
urlpatterns = [path("desk/", views.desk, name="desk")]
