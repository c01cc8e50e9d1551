"""The ASGI application: ``granian --interface asginl config.asgi:application``."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from config.asgi_handler import Handler  # noqa: E402 - its middleware reads the settings
from config.settling import settle  # noqa: E402

application = Handler()
settle()
