"""Test that what was written is also wired in.

Ask through the whole stack, with the settings as they are: a middleware and an app can be tested by
themselves for years, and be missing from the settings. The trap is a test that sets
``MIDDLEWARE``: it tells nothing about yours.
Code: myproject/settings.py
"""

from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.core.management import get_commands
from django.db import OperationalError
from django.template import Context, Template
from django.test import AsyncClient
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from pytest_django import Settings
from pytest_mock import MockerFixture

from myproject import asgi
from tests.factories import acreate_user
from tests.myproject.settings_file import PRODUCTION, settings_with


async def test_pages_forbid_whatever_is_inline_or_from_elsewhere(async_client: AsyncClient) -> None:
    response = await async_client.get("/admin/login/")

    assert response.headers["Content-Security-Policy"].startswith("default-src 'self';")


async def test_pages_are_in_no_frame_and_of_no_guessed_type(async_client: AsyncClient) -> None:
    response = await async_client.get("/admin/login/")

    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
async def test_every_response_says_how_long_it_took(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/users/")

    assert float(response.headers["X-Request-Duration"]) >= 0


async def test_an_error_under_api_is_json(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/nothing/")

    assert response.json() == {"detail": "There is nothing at /api/nothing/"}


async def test_a_missing_slash_is_added(async_client: AsyncClient) -> None:
    response = await async_client.get("/account")

    assert (response.status_code, response.headers["Location"]) == (301, "/account/")


async def test_a_form_of_another_site_is_refused() -> None:
    response = await AsyncClient(enforce_csrf_checks=True).post("/api/logout/")

    assert response.status_code == 403


@pytest.mark.django_db
async def test_whoever_has_logged_in_is_known(async_client: AsyncClient) -> None:
    await async_client.aforce_login(await acreate_user())

    response = await async_client.get("/account/")

    assert response.status_code == 200


async def test_who_meets_an_outage_is_told_to_try_again(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch("users.views.apage", side_effect=OperationalError("away"))

    response = await async_client.get("/api/users/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")


def test_static_files_are_served_behind_https_and_before_a_session_is_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = settings_with(monkeypatch, **PRODUCTION)["MIDDLEWARE"]

    https, files, session = (
        stack.index(name)
        for name in (
            "myproject.in_loop.SecurityMiddleware",
            "servestatic.middleware.ServeStaticMiddleware",
            "myproject.in_loop.SessionMiddleware",
        )
    )
    assert https < files < session


@pytest.mark.parametrize(
    ("command", "app"),
    [
        ("runserver", "daphne"),
        ("runworker", "channels"),
        ("collectstatic", "django.contrib.staticfiles"),
        ("clearsessions", "django.contrib.sessions"),
        ("createsuperuser", "django.contrib.auth"),
        ("drf_create_token", "rest_framework.authtoken"),
        ("spectacular", "drf_spectacular"),
        ("demo", "myproject"),
        ("patterns", "myproject.catalogue"),
        ("ask_apis", "external"),
    ],
)
def test_a_command_is_that_of_its_app(command: str, app: str) -> None:
    assert get_commands()[command] == app


def test_apis_are_checked_as_django_rest_framework_checks_them(settings: Settings) -> None:
    settings.REST_FRAMEWORK = {"PAGE_SIZE": 10}  # and no paginator

    assert "rest_framework.W001" in {message.id for message in run_checks()}


def test_the_server_serves_the_application_that_is_tested() -> None:
    assert import_string(django_settings.ASGI_APPLICATION) is asgi.application


@pytest.mark.django_db
async def test_pages_are_in_english(async_client: AsyncClient) -> None:
    response = await async_client.get("/admin/login/")

    assert b'<html lang="en"' in response.content


def test_times_are_shown_in_utc_and_know_it() -> None:
    now = datetime(2030, 1, 1, 12, tzinfo=UTC)

    shown = Template("{{ now|date:'H:i e' }}").render(Context({"now": now}))

    assert shown == "12:00 UTC"
    assert timezone.now().tzinfo is UTC
    assert translation.get_language() == "en"
