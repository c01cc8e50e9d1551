"""Settings for tests: no mail leaves the process, and collectstatic is not needed."""

from config.settings import *  # noqa: F403
from config.settings import LIMITS, STORAGES

STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Serve static files from their source, not from STATIC_ROOT.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
# All tests call from one address; tests of the limits set their own.
LIMITS = dict.fromkeys(LIMITS, "")
