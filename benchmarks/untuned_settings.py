"""The application as Django's defaults have it: what the tuning is measured against."""

from benchmarks.twin_settings import MIDDLEWARE as DJANGOS
from myproject.settings import *  # noqa: F403
from myproject.settings import DATABASES

MIDDLEWARE = [
    "myproject.middleware.AsyncTimingMiddleware",
    "myproject.middleware.json_errors_middleware",
    *DJANGOS,
]
DATABASES["default"]["CONN_MAX_AGE"] = 0
