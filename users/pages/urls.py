from __future__ import annotations

from django.urls import path

from users.pages import views

urlpatterns = [path("addresses/<str:token>", views.prove_address, name="prove-address")]
