"""A cache of its own for every test.

The cache outlives a test, and through Redis it is also that of the other xdist processes and of the
development server. Clearing it would empty theirs; another prefix hides it.

Needs: pytest-django
"""

from uuid import uuid4

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _cache_of_its_own(settings: Settings) -> None:
    # Assigning is enough: Django listens for `setting_changed` and forgets the caches it has made.
    settings.CACHES = {
        alias: {**cache, "KEY_PREFIX": f"test-{uuid4().hex[:8]}"}
        for alias, cache in settings.CACHES.items()
    }


@pytest.fixture
def cache_in_memory(settings: Settings, _cache_of_its_own: None) -> None:
    """Use the cache in memory, whose clock is Python's: time-machine can move it past an expiry."""
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        }
    }
