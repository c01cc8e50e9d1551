"""Event streams, under /live/. Production gives them to the asynchronous server."""

from django.urls import path

from tickets.live import views

app_name = "live"
urlpatterns = [path("desk/", views.desk, name="desk")]
