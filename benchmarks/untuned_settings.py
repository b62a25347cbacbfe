"""The application as Django's defaults have it: what the tuning is measured against."""

from myproject.settings import *  # noqa: F403
from myproject.settings import DATABASES

MIDDLEWARE = [
    "myproject.middleware.AsyncTimingMiddleware",
    "myproject.middleware.json_errors_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES["default"]["CONN_MAX_AGE"] = 0
