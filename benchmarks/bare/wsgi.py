"""The least a Django view can do for a submission: one INSERT. What Earshot's intake is held against."""

from __future__ import annotations

import json
import os
import uuid

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.urls import path

from config import env

settings.configure(
    DATABASES={"default": env.database(os.environ["DATABASE_URL"])},
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
)
django.setup()


def submit(request: HttpRequest) -> JsonResponse:
    """Insert the text, answer its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_feedback (key, text) VALUES (%s, %s) RETURNING id",
            [uuid.uuid4(), json.loads(request.body)["text"]],
        )
        number = cursor.fetchone()[0]
    return JsonResponse({"number": number}, status=201)


urlpatterns = [path("submit", submit)]
application = WSGIHandler()
