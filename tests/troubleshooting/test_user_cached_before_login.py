"""``request.auser()`` that does not know who has just logged in.

``auser()`` remembers its first answer for the whole request. Before Django 6.0, ``alogin`` leaves
that answer as it was, and changes only what ``request.user`` says.

Message: none; after `await alogin(request, user)`, `await request.auser()` is `AnonymousUser`
Cure: go on with the user that was passed to `alogin`
Seen on: Django 5.2.19; not on 6.0.10 and 6.1.3
Upstream: none known
"""

from typing import Any

import django
import pytest
from django.contrib.auth import alogin
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path

from tests.factories import acreate_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

IS_MENDED = django.VERSION >= (6, 0)


async def login(request: HttpRequest, *, asks_before: bool) -> HttpResponse:
    if asks_before:
        await request.auser()
    user = await acreate_user()
    # Where several backends are configured, one has to be named.
    await alogin(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponse(await request.auser() == user)


urlpatterns = [
    path("asks/", login, {"asks_before": True}),
    path("does-not-ask/", login, {"asks_before": False}),
]


async def is_known_after_login(client: AsyncClient, address: str) -> Any:
    return (await client.get(address)).content == b"True"


async def test_who_asked_before_the_login_gets_the_old_answer(async_client: AsyncClient) -> None:
    assert await is_known_after_login(async_client, "/asks/") == IS_MENDED


async def test_who_did_not_gets_the_new_one(async_client: AsyncClient) -> None:
    assert await is_known_after_login(async_client, "/does-not-ask/")
