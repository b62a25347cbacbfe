"""Test token authentication: get a token, use it, be refused.

Send the header with each call, ``headers={"Authorization": f"Token {key}"}``: ``AsyncClient`` takes
no default ones. The traps: testing by ``force_authenticate``, which never looks at a token, and a
token endpoint that may be asked as often as somebody likes to guess.
Code: users/api.py
"""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, RequestFactory
from rest_framework.authtoken.models import Token
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from tests.factories import PASSWORD, acreate_user

pytestmark = pytest.mark.django_db


@pytest.fixture
async def ada() -> Any:
    """Somebody who has a password."""
    return await acreate_user(with_password=True)


async def ask_for_token(client: AsyncClient, user: Any, password: str = PASSWORD) -> Any:
    body = {"username": user.get_username(), "password": password}
    return await client.post("/api/v1/token/", body, content_type="application/json")


async def use_token(client: AsyncClient, user: Any, key: str) -> Any:
    headers = {"Authorization": f"Token {key}"}
    return await client.get(f"/api/v1/users/{user.pk}/", headers=headers)


async def test_a_token_opens_the_api(async_client: AsyncClient, ada: Any) -> None:
    key = (await ask_for_token(async_client, ada)).json()["token"]

    response = await use_token(async_client, ada, key)

    assert response.status_code == 200
    assert response.json()["id"] == ada.pk


async def test_without_a_token_the_client_is_told_what_to_send(
    async_client: AsyncClient, ada: Any
) -> None:
    response = await async_client.get(f"/api/v1/users/{ada.pk}/")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Token")


async def test_a_wrong_password_gets_no_token(async_client: AsyncClient, ada: Any) -> None:
    response = await ask_for_token(async_client, ada, "wrong")

    assert response.status_code == 400
    assert not await Token.objects.aexists()


@pytest.mark.parametrize("key", ["unknown", "", "two words", "\xff"])
async def test_a_wrong_token_is_refused(async_client: AsyncClient, ada: Any, key: str) -> None:
    response = await use_token(async_client, ada, key)

    assert response.status_code == 401


async def test_the_token_of_somebody_inactive_is_refused(
    async_client: AsyncClient, ada: Any
) -> None:
    token = await Token.objects.acreate(user=ada)
    ada.is_active = False
    await ada.asave()

    assert (await use_token(async_client, ada, token.key)).status_code == 401


async def test_who_guesses_too_often_waits(
    async_client: AsyncClient, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("users.api.Seldom.rate", "1/min")
    await ask_for_token(async_client, ada, "wrong")

    response = await ask_for_token(async_client, ada)

    assert response.status_code == 429


async def test_attempts_are_counted_apart_from_what_a_visitor_does_elsewhere(
    async_client: AsyncClient, ada: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("users.api.Seldom.rate", "1/min")
    monkeypatch.setattr("rest_framework.throttling.AnonRateThrottle.rate", "1/min", raising=False)
    visit = Request(RequestFactory().get("/"))
    await sync_to_async(AnonRateThrottle().allow_request)(visit, APIView())

    assert (await ask_for_token(async_client, ada)).status_code == 200


async def test_a_cookie_is_not_looked_at_and_so_needs_no_csrf_token(ada: Any) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    await client.aforce_login(ada)

    assert (await ask_for_token(client, ada)).status_code == 200


async def test_a_body_nested_beyond_reason_is_a_bad_request(async_client: AsyncClient) -> None:
    response = await async_client.post("/api/v1/token/", b"[" * 100_000, "application/json")

    assert response.status_code == 400
