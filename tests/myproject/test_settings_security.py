"""Test what the settings promise about HTTPS, cookies and passwords.

Send requests under the values that production would have, and look at the answers. The trap is
Django's deployment check alone: it reads values, and knows nothing of an exemption that is one
letter too wide.
Code: myproject/settings.py
"""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.shortcuts import resolve_url
from django.test import AsyncClient, Client
from pytest_django import Settings

from tests.factories import PASSWORD, acreate_user
from tests.myproject.settings_file import PRODUCTION, settings_with

ABOUT_HTTPS = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_")


def adopt(settings: Settings, monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    """Take over what the settings file says about HTTPS under this environment."""
    for name, value in settings_with(monkeypatch, **environment).items():
        if name.startswith(ABOUT_HTTPS):
            setattr(settings, name, value)


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in production, as far as HTTPS is concerned."""
    adopt(settings, monkeypatch, **PRODUCTION)


@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("path", ["/", "/healthz/more", "/not-healthz", "/readyz/more"])
async def test_production_sends_http_to_https(async_client: AsyncClient, path: str) -> None:
    response = await async_client.get(path)

    assert (response.status_code, response.headers["Location"]) == (
        301,
        f"https://testserver{path}",
    )


@pytest.mark.usefixtures("production")
async def test_the_redirect_to_https_is_timed_and_named_like_any_other_answer(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get("/")

    assert {"X-Request-Duration", "X-Request-ID"} <= set(response.headers)


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_a_load_balancer_asks_for_the_servers_health_without_https(
    async_client: AsyncClient, path: str
) -> None:
    response = await async_client.get(path)

    assert response.status_code == 200


@pytest.mark.usefixtures("production")
async def test_browsers_keep_to_https_for_a_year(async_client: AsyncClient) -> None:
    response = await async_client.get("/healthz", secure=True)

    seconds = int(timedelta(days=365).total_seconds())
    expected = f"max-age={seconds}; includeSubDomains; preload"
    assert response.headers["Strict-Transport-Security"] == expected


def test_development_stays_on_http(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    adopt(settings, monkeypatch)

    plain = client.get("/nothing/")
    secure = client.get("/nothing/", secure=True)

    assert plain.status_code == 404
    assert "Strict-Transport-Security" not in secure.headers


@pytest.mark.parametrize(("behind_proxy", "status"), [("true", 404), ("false", 301)])
def test_a_proxys_word_for_https_is_taken_only_behind_one(
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    behind_proxy: str,
    status: int,
) -> None:
    adopt(settings, monkeypatch, BEHIND_PROXY=behind_proxy, **PRODUCTION)

    response = client.get("/nothing/", headers={"x-forwarded-proto": "https"})

    assert response.status_code == status


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
async def test_in_production_cookies_travel_by_https_only(async_client: AsyncClient) -> None:
    user = await acreate_user(with_password=True)

    await async_client.get("/login/", secure=True)
    await async_client.alogin(username=user.get_username(), password=PASSWORD)

    cookies = async_client.cookies
    assert [cookies[name]["secure"] for name in ("csrftoken", "sessionid")] == [True, True]


@pytest.mark.parametrize(
    ("password", "message"), [("x7!kq2p", "too short"), ("password123", "too common")]
)
def test_a_weak_password_is_refused(password: str, message: str) -> None:
    with pytest.raises(ValidationError, match=message) as raised:
        validate_password(password)

    assert len(raised.value.messages) == 1


def test_a_password_that_nobody_would_guess_is_taken() -> None:
    validate_password("x7!kq2pz")


@pytest.mark.django_db
async def test_visitors_are_sent_to_the_login_page_and_from_there_to_their_account(
    async_client: AsyncClient,
) -> None:
    user = await acreate_user(with_password=True)
    account = await async_client.get("/account/")
    login = resolve_url(django_settings.LOGIN_URL)
    credentials = {"username": user.get_username(), "password": PASSWORD}

    response = await async_client.post(login, credentials)

    assert account.headers["Location"].startswith(login)
    assert (response.status_code, response.headers["Location"]) == (302, "/account/")


@pytest.mark.django_db
async def test_whoever_guesses_passwords_is_refused_before_one_is_hashed(
    async_client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    user = await acreate_user(with_password=True)

    for _ in range(6):
        await async_client.post("/login/", {"username": user.get_username(), "password": "guess"})

    assert "A login from 127.0.0.1 was refused" in caplog.messages
