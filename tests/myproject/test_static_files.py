"""Serve static files from the application, without blocking the event loop.

Use an async-native middleware, and collect into a folder of the test's own. The trap is a sync one:
each file is then read in a thread, and so is every other request that passes it. A server loads
its middleware before its loop runs; so does the fixture here.
Code: myproject/settings.py
"""

import logging
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import AsyncClient
from pytest_django import Settings

MIDDLEWARE = "servestatic.middleware.ServeStaticMiddleware"


@pytest.fixture
def production_client(settings: Settings, tmp_path: Path) -> AsyncClient:
    """Return a client of a server whose static files have been collected."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[:3], MIDDLEWARE, *settings.MIDDLEWARE[3:]]
    others = ["admin", "drf_spectacular_sidecar", "rest_framework"]  # large, and nothing new
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=others)
    client = AsyncClient()
    client.handler.load_middleware(is_async=True)
    return client


async def test_a_file_may_be_cached_for_ever(production_client: AsyncClient) -> None:
    response = await production_client.get(staticfiles_storage.url("myproject/site.css"))

    assert response.status_code == 200
    assert response.headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert "immutable" in response.headers["Cache-Control"]


async def test_a_file_travels_compressed(production_client: AsyncClient) -> None:
    response = await production_client.get(
        staticfiles_storage.url("myproject/site.css"), headers={"accept-encoding": "gzip"}
    )

    assert response.headers["Content-Encoding"] == "gzip"


async def test_an_unknown_file_is_not_found(production_client: AsyncClient) -> None:
    response = await production_client.get("/static/nothing.css")

    assert response.status_code == 404


def test_django_need_not_adapt_the_middleware(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DEBUG = True  # only then does Django log it
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, MIDDLEWARE]

    with (
        caplog.at_level(logging.DEBUG, "django.request"),
        pytest.warns(UserWarning, match="'servestatic' is not in INSTALLED_APPS"),
    ):
        AsyncClient().handler.load_middleware(is_async=True)

    assert [message for message in caplog.messages if "adapted" in message] == []
