"""Settings, all from the environment; with none set, a development server that needs nothing.

`.env.example` names every variable. Production is `DEBUG=false`, and refuses to start without
`SECRET_KEY` and `ALLOWED_HOSTS` rather than run with a guess.
"""

from pathlib import Path
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured
from environ import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=True)
if not DEBUG:
    for required in ("SECRET_KEY", "ALLOWED_HOSTS"):
        if not env.str(required, default=""):
            raise ImproperlyConfigured(f"DEBUG is off: set the environment variable {required}.")
SECRET_KEY = env.str("SECRET_KEY", default="not-a-secret-for-development-only")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])

INSTALLED_APPS = [
    "daphne",  # first: its `runserver` replaces Django's
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "rest_framework.authtoken",
    "adrf",
    "drf_spectacular",
    "drf_spectacular_sidecar",  # its page's scripts, from here and not from elsewhere
    "myproject",
    "myproject.catalogue",
    "users",
    "chat",
    "external",
    "talks",
]

# Every one of them is async-capable, so Django never bridges to a thread between them. Those of
# `in_loop` are Django's own, called without a thread hop for each of their hooks.
MIDDLEWARE = [
    "myproject.middleware.AsyncTimingMiddleware",
    "myproject.request_ids.request_id_middleware",
    "myproject.middleware.content_security_policy_middleware",
    "myproject.middleware.json_errors_middleware",
    "myproject.outages.DatabaseOutageMiddleware",
    "myproject.in_loop.SecurityMiddleware",
    "myproject.in_loop.SessionMiddleware",
    "myproject.in_loop.CommonMiddleware",
    "myproject.in_loop.CsrfViewMiddleware",
    "myproject.in_loop.AuthenticationMiddleware",
    "myproject.in_loop.MessageMiddleware",
    "myproject.in_loop.XFrameOptionsMiddleware",
]

# Django's deployment checks miss three of these by name; `checks.py` runs them as they are meant.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W002", "security.W003"]

ROOT_URLCONF = "myproject.urls"
ASGI_APPLICATION = "myproject.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The threads in which one process runs what is sync in its HTTP requests, the ORM before all; and
# so the database connections it keeps, and how many it opens at most while requests wait.
HTTP_THREADS = env.int("HTTP_THREADS", default=2)
HTTP_THREADS_AT_MOST = env.int("HTTP_THREADS_AT_MOST", default=32)

# How long one of them waits for an answer of PostgreSQL, while serving.
DATABASE_SILENCE = env.float("DATABASE_SILENCE", default=5.0)  # seconds

# A connection that stays is what makes the ORM fast. Keep CONN_MAX_AGE at 0 in any project that
# does not serve HTTP through `executor.PersistentThreads`: under plain ASGI it leaks connections.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = 60  # seconds
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # As a server wants it: readers beside one writer, and a writer who waits for its turn when
    # the transaction opens instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
        "transaction_mode": "IMMEDIATE",
    }
else:
    # An unreachable server is noticed in seconds: one thread may wait, a queue waits behind it.
    # One that accepts everything and says nothing is noticed by `silence.bound_silence`.
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 2, "tcp_user_timeout": 5000}

# In memory, messages reach the sockets of one process; through Redis, those of every process.
# Past its capacity a layer drops messages without a word, and the default is 100 per socket: a
# lively room reaches that. Of channels_redis' two layers this is the one whose sockets outlive a
# Redis that restarts (it subscribes again), that has no capacity to run into, and that sends a
# message once per process instead of once per socket.
REDIS_URL = env.str("REDIS_URL", default="")
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # Without `driver_info`, redis-py reads its own version from disk, in the event loop,
            # for each connection it makes, to tell the server.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "driver_info": None}]},
        }
        if REDIS_URL
        else {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"capacity": 10_000},
        }
    ),
}

# How often a process tells the others who is in a chat room. One that was killed takes its people
# with it after three beats; a room with somebody in it costs each process an event per beat.
CHAT_BEAT = env.float("CHAT_BEAT", default=2.0)  # seconds

# Where all processes find it if there is Redis; each its own, in memory, if not.
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            # Of silence too; a thread waits meanwhile.
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# E-mail is printed in development, and handed to this SMTP server in production.
SMTP_HOST = env.str("SMTP_HOST", default="localhost")
MAILERS = {
    "default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if DEBUG
    else {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": SMTP_HOST, "timeout": 10},
    }
}
if django.VERSION < (6, 1):  # pragma: no cover - which knows no MAILERS
    EMAIL_BACKEND, EMAIL_HOST = MAILERS["default"]["BACKEND"], SMTP_HOST
    EMAIL_TIMEOUT = 10

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = [
    "myproject.logins.LoginLimitBackend",  # first: it counts what the next would hash
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["myproject.logins.TurnTakingHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "account"

# JSON only: no browsable HTML pages under /api/.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PARSER_CLASSES": ["myproject.parsers.NestingSafeJSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "myproject.openapi.AsyncAutoSchema",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Asynchronous Django, tested",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # It would describe every viewset; only the API that is meant for others is.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# The outside API. In development, the one that ships with the project and runs in this server.
EXTERNAL_API_URL = env.str(
    "EXTERNAL_API_URL", default="http://127.0.0.1:8000/upstream/" if DEBUG else ""
)
EXTERNAL_API_TIMEOUT = env.float("EXTERNAL_API_TIMEOUT", default=3.0)  # seconds, retries included
EXTERNAL_API_CONNECTIONS = env.int("EXTERNAL_API_CONNECTIONS", default=100)  # at once, per process
EXTERNAL_API_URLS = env.dict("EXTERNAL_API_URLS", default={"upstream": EXTERNAL_API_URL})  # by name
EXTERNAL_API_CACHE_SECONDS = env.float("EXTERNAL_API_CACHE_SECONDS", default=10.0)
EXTERNAL_STREAM_URL = env.str(
    "EXTERNAL_STREAM_URL", default="http://127.0.0.1:8000/upstream/clock/" if DEBUG else ""
)
EXTERNAL_STREAM_CONNECTIONS = env.int("EXTERNAL_STREAM_CONNECTIONS", default=1000)

# Everything to standard error. While Redis is away, channels_redis logs a traceback every second.
# The level is named because a server may have set another one before: daphne does.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "cause_only": {"()": "myproject.outages.CauseOnly"},
        "no_outages": {"()": "myproject.outages.NoOutages"},
        "request_id": {"()": "myproject.request_ids.RequestIdFilter"},
    },
    "formatters": {"with_request_id": {"format": "[%(request_id)s] %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            "formatter": "with_request_id",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {},  # to be configured anew takes away the handlers that Django gave it
        "django.request": {"filters": ["no_outages"]},
        "myproject.lifespan": {"level": "INFO"},
        "channels_redis.pubsub": {"filters": ["cause_only"]},
    },
}

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=BASE_DIR / "staticfiles")
MEDIA_ROOT = env.str("MEDIA_ROOT", default=BASE_DIR / "media")
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "avatars": {  # one per person: a new one takes the place of the old
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": f"{MEDIA_ROOT}/avatars", "allow_overwrite": True},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if not DEBUG:
    # What `collectstatic` has put there: compressed, and named by content to be cached for ever.
    # After SecurityMiddleware, which sends to HTTPS first.
    MIDDLEWARE.insert(
        MIDDLEWARE.index("myproject.in_loop.SessionMiddleware"),
        "servestatic.middleware.ServeStaticMiddleware",
    )
    STORAGES["staticfiles"]["BACKEND"] = "servestatic.storage.CompressedManifestStaticFilesStorage"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"

# HTTPS wherever DEBUG is off. The certificate usually belongs to a proxy in front:
# set BEHIND_PROXY once that proxy sets (and strips from outside) X-Forwarded-Proto.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEBUG)
SECURE_REDIRECT_EXEMPT = ["^(healthz|readyz)$"]  # a load balancer asks from inside
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
