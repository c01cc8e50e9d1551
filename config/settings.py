"""Settings of every process; whatever differs between machines comes from config.env."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from kombu import Queue

from config import content_security, env, logs, parts
from config.admin_theme import UNFOLD  # noqa: F401
from config.kit.outbox.lanes import RUNG, Lane

BASE_DIR = env.ROOT
HOME = env.home()

DATABASE_URL, REDIS_URL = env.server_urls()
PUBLIC_BASE_URL = env.public_base_url()
IS_EMBEDDED = env.is_embedded()
IS_HTTPS = PUBLIC_BASE_URL.startswith("https://")

SECRET_KEY = env.secret_key()
SECRET_KEY_FALLBACKS = env.read.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.read.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.allowed_hosts(PUBLIC_BASE_URL)
TRUSTED_PROXIES = env.trusted_proxies()

INSTALLED_APPS = [
    # Unfold replaces templates of the admin, so it comes first.
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "config.apps.ProjectConfig",
    "config.kit",
    "users",
    "feedback",
    "tickets",
]

MIDDLEWARE = [
    "config.middleware.trust_listed_proxies",
    "config.middleware.name_and_log_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.content_security.ContentSecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "config.middleware.bound_bodies",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.PageMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.middleware.drop_nul",
    "config.middleware.keep_house_time",
]

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates", *parts.folders("templates")],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# PostgreSQL is the source of truth; Redis may vanish at any moment.
DATABASES = {"default": env.database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "config.cache.FailOpenRedisCache",
        "LOCATION": env.redis_spelling(REDIS_URL, reader="redis"),
        "KEY_PREFIX": env.read.str("REDIS_KEY_PREFIX", default="earshot"),
        "OPTIONS": {"max_connections": 200, "socket_connect_timeout": 0.3, "socket_timeout": 0.5},
    }
}

# People
AUTH_USER_MODEL = "users.User"
LOGIN_URL = "admin:login"
# For logins that start at the login page itself, not at a page that required it.
LOGIN_REDIRECT_URL = "admin:index"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Languages and time. UTC is stored; a month in a summary is a month in SUMMARY_TIME_ZONE.
LANGUAGE_CODE = env.read.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
SUMMARY_TIME_ZONE = env.time_zone("SUMMARY_TIME_ZONE", default="Asia/Shanghai")

# Files. Uploads need no storage: they are rows, as durable as their messages.
STATIC_URL = "static/"
STATIC_ROOT = env.read.str("STATIC_ROOT", default="") or HOME / "static"
STATICFILES_DIRS = parts.folders("static")
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

# The immediate answers to senders in danger; empty: feedback/intake/first_answers.toml.
FIRST_ANSWERS_FILE = env.read.str("FIRST_ANSWERS_FILE", default="")

# Mail out. EMAIL_URL: smtp+tls://user:password@mail.example.org:587
vars().update(env.mail())
EMAIL_TIMEOUT = 5
DEFAULT_FROM_EMAIL = env.read.str("DEFAULT_FROM_EMAIL", default="Earshot <earshot@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# HTTP out: public addresses, and these private networks.
EGRESS_ALLOWED_NETWORKS = env.egress_allowed_networks()

# Security. Whether cookies are secure follows from PUBLIC_BASE_URL, without a second switch.
CONTENT_SECURITY_POLICY = content_security.STRICT
SECURE_SSL_REDIRECT = IS_HTTPS
# Requested inside the network, by probes over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|health|metrics)$"]
# Only peers in TRUSTED_PROXIES keep this header, see config.middleware.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "earshot_session"
CSRF_COOKIE_NAME = "earshot_csrf"
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "config.kit.problems.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

REST_FRAMEWORK = {
    # Deny by default: nobody may call a method unless its view declares who may.
    "DEFAULT_PERMISSION_CLASSES": ["users.api.policies.DeclaredPolicy"],
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "users.api.authentication.TokenAuthentication",
        "users.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_RENDERER_CLASSES": ["config.kit.renderers.QuickJSON"],
    "DEFAULT_PARSER_CLASSES": ["config.kit.parsers.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.kit.negotiation.AlwaysJSON",
    "DEFAULT_THROTTLE_CLASSES": ["users.api.throttles.CallerThrottle"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "users.api.schema.PolicySchema",
    "EXCEPTION_HANDLER": "config.kit.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Rate limits; an empty string is no limit. Anonymous callers share addresses (offices, mobile networks), so
# apps should submit through their own server with a token.
LIMITS = {
    "token": env.read.str("LIMIT_TOKEN", default="2000/second"),
    "login": env.read.str("LIMIT_LOGIN", default="120/minute"),
    "anonymous_reads": env.read.str("LIMIT_ANONYMOUS_READS", default="120/minute"),
    "anonymous_writes": env.read.str("LIMIT_ANONYMOUS_WRITES", default="30/minute 300/hour"),
    "anonymous_network_writes": env.read.str(
        "LIMIT_ANONYMOUS_NETWORK_WRITES", default="150/minute 2000/hour"
    ),
    "anonymous_urgent_writes": env.read.str("LIMIT_ANONYMOUS_URGENT_WRITES", default="20/minute 100/hour"),
    # Per network: acknowledgements mailed to addresses that anonymous senders typed.
    "anonymous_confirmations": env.read.str("LIMIT_ANONYMOUS_CONFIRMATIONS", default="20/hour 60/day"),
    # A few lookups a minute while a visitor types; separate, so that typing does not use up the limit for sending.
    "anonymous_questions": env.read.str("LIMIT_ANONYMOUS_QUESTIONS", default="40/minute 400/hour"),
    # Per address and article: one opinion a day on whether it helped.
    "article_opinions": env.read.str("LIMIT_ARTICLE_OPINIONS", default="1/day"),
    "session_logins": env.read.str("LIMIT_SESSION_LOGINS", default="10/minute 60/hour"),
    "name_logins": env.read.str("LIMIT_NAME_LOGINS", default="30/minute 300/hour"),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Earshot",
    "DESCRIPTION": "Feedback in, answers out: the REST interface of Earshot.\n\n"
    "**Begin.** Anyone may send feedback, without a login: try ``POST /api/v1/feedback``. A machine calls with "
    "``Authorization: Bearer …``; administrators issue its token under *People, API tokens*. A browser logs in with "
    "``POST /api/v1/session`` and sends the ``csrf_token`` of the answer as ``X-CSRFToken`` with whatever writes.\n\n"
    "**Repeat.** With an ``Idempotency-Key`` a POST may be sent again: it is stored once.\n\n"
    "**Language.** ``Accept-Language`` (``en``, ``zh-hans``) chooses that of the texts; codes stay the same.\n\n"
    "**Answers.** Refusals are problem details (RFC 9457). Lists are pages of ``results`` with the address of the "
    "``next`` one. Times are ISO 8601 in UTC. Every answer has an ``X-Request-ID`` to quote.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "PREPROCESSING_HOOKS": ["users.api.schema.without_trailing_slashes"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "tickets.api.hook_bodies.with_webhooks",
    ],
    "TAGS": [
        {"name": "feedback", "description": "Submit, read and continue one's own, by login or token."},
        {"name": "status link", "description": "The same for whoever has the secret link."},
        {
            "name": "me",
            "description": "Profile, wishes, addresses, consents; take everything along, be forgotten.",
        },
        {"name": "session", "description": "A browser's login."},
        {
            "name": "tickets",
            "description": "For staff: read tickets and the crisis queue, answer, note and act.",
        },
        {"name": "summaries", "description": "For staff: what hurts most, month by month."},
        {"name": "figures", "description": "For staff: what teams did, beside the period before."},
        {
            "name": "webhooks",
            "description": "Be told instead of asking: set up webhooks, read their log, replay.",
        },
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "TicketStatus": "tickets.desk.models.Status",
        "StateEnum": "feedback.intake.models.FeedbackState",
        "WebhookDeliveryState": "tickets.hooks.models.HookDeliveryState",
        "WebhookTryState": "tickets.hooks.models.HookTryState",
        "WebhookEvent": "tickets.api.hook_serializers.SUBSCRIBABLE",
    },
}

# Celery carries outbox ids and may lose or duplicate any of them. What each line prevents was measured,
# see docs/decisions.
CELERY_BROKER_URL = env.redis_spelling(REDIS_URL, reader="celery")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env.read.str("REDIS_KEY_PREFIX", default="earshot") + ":",
    # Longer than the default hard time limit, so that no running task is delivered twice.
    "visibility_timeout": 120,
    # Without these a Redis that accepts connections and never answers would block a thread forever.
    "socket_connect_timeout": 0.3,
    "socket_timeout": 0.5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Without it a dead Redis blocks the publisher for 6 s, even with `retry=False`.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_DEFAULT_QUEUE = Lane.DEFAULT.value
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = [Queue(lane.value) for lane in sorted(RUNG)]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Loads the models before a worker forks, and connects each child.
CELERY_IMPORTS = ["config.warming"]
# A child queries the database before it reports that it is up; after 4 s, the default, it would be killed
# and restarted, on a slow machine forever.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = "UTC"

# Logs and metrics
LOG_LEVEL = env.read.str("LOG_LEVEL", default="INFO")
LOGGING_CONFIG = "config.logs.configure"
LOGGING = logs.settings(
    level=LOG_LEVEL, is_json=env.read.bool("LOG_JSON", default=not (DEBUG or IS_EMBEDDED))
)
METRICS_TOKEN = env.read.str("METRICS_TOKEN", default="")
HEARTBEAT_URL = env.read.str("HEARTBEAT_URL", default="")

# How often an idle event stream sends a heartbeat, and checks whether its session is still valid.
LIVE_HEARTBEAT_SECONDS = env.read.float("LIVE_HEARTBEAT_SECONDS", default=15.0)

# Loops that need PostgreSQL only: `manage.py loop NAME`, or all in one process on a small machine.
LOOPS = {
    "beat": "config.beat.beat_until",
    "sweeper": "config.warming.sweep_until",
    "deadlines": "tickets.crisis.loops.deadlines_until",
    "auditor": "tickets.crisis.loops.audit_until",
    "mail": "feedback.channels.email.loop.read_mail_until",
}
