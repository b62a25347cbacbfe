"""Consumers imported before the apps are loaded.

``asgi.py`` is the first thing that an ASGI server imports. Whatever it imports above
``get_asgi_application()`` and leads to a model comes too early. ``runserver`` and the tests, which
call ``django.setup()`` first, hide it; production does not.

Message: django.core.exceptions.AppRegistryNotReady: Apps aren't loaded yet.
Message: ImproperlyConfigured: Requested setting INSTALLED_APPS, but settings are not configured.
Cure: call `get_asgi_application()` first, and import routing and consumers below it
Seen on: Django 5.2.19 and 6.1.3, channels 4.3.2
Upstream: https://channels.readthedocs.io/en/stable/installation.html
"""

import subprocess
import sys

ASGI_PY = """
from django.conf import settings
settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
)

try:
    import django.contrib.auth.models
except Exception as error:
    print(f"{type(error).__name__}: {error}")

from django.core.asgi import get_asgi_application
get_asgi_application()

import django.contrib.auth.models
print("imported")
"""


def test_consumers_with_models_can_be_imported_only_below_get_asgi_application() -> None:
    process = subprocess.run(
        [sys.executable, "-c", ASGI_PY],
        capture_output=True,
        text=True,
        check=True,
    )

    assert process.stdout.splitlines() == [
        "AppRegistryNotReady: Apps aren't loaded yet.",
        "imported",
    ]
