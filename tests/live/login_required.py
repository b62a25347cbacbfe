"""The project's settings, and a middleware that asks the database who is there."""

from myproject.settings import *  # noqa: F403
from myproject.settings import MIDDLEWARE

MIDDLEWARE = [*MIDDLEWARE, "django.contrib.auth.middleware.LoginRequiredMiddleware"]
