"""django-helpdesk, set up as fast as its REST interface goes: what Earshot's intake is held against.

Tokens instead of passwords, connections that are kept, no debugging, its mails thrown away. Runs in an
environment of its own (benchmarks.helpdesk makes it), where nothing of Earshot is installed.
"""

import os
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

server = urlsplit(os.environ["DATABASE_URL"])
settings.configure(
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "helpdesk",
            "USER": server.username,
            "HOST": parse_qs(server.query)["host"][0],
            "CONN_MAX_AGE": None,
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    USE_TZ=True,
    ROOT_URLCONF=__name__,
    STATIC_URL="static/",
    SITE_ID=1,
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.sites",
        "django.contrib.messages",
        "django.contrib.admin",
        "django.contrib.humanize",
        "rest_framework",
        "rest_framework.authtoken",
        "helpdesk",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    REST_FRAMEWORK={"DEFAULT_AUTHENTICATION_CLASSES": [f"{__name__}.BearerToken"]},
    HELPDESK_ACTIVATE_API_ENDPOINT=True,
    HELPDESK_TEAMS_MODE_ENABLED=False,
)
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - all of these need the settings
from django.core.management import call_command  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework.authentication import TokenAuthentication  # noqa: E402


class BearerToken(TokenAuthentication):
    keyword = "Bearer"


def prepare() -> None:
    """Make its tables, a queue and a user; print the user's token."""
    from helpdesk.models import Queue  # noqa: PLC0415 - only here
    from rest_framework.authtoken.models import Token  # noqa: PLC0415

    call_command("migrate", verbosity=0, interactive=False)
    Queue.objects.create(title="Support", slug="support")
    user = get_user_model().objects.create_superuser("visitor", "visitor@example.org", "visitor")
    print(Token.objects.create(user=user).key)


urlpatterns = [path("", include("helpdesk.urls", namespace="helpdesk"))]
application = WSGIHandler()
