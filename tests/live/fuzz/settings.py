"""The project's settings, but for a cache that remembers nothing, and so throttles nobody."""

from myproject.settings import *  # noqa: F403

CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
