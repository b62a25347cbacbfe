"""An async throttle whose ``wait`` is async too.

adrf awaits ``allow_request`` if it is a coroutine function, and calls ``wait`` without awaiting.
So the throttle works until the first client is throttled, who gets a 500 instead of a 429.

Message: TypeError: must be real number, not coroutine
Cure: `allow_request` may be async; keep `wait` sync
Seen on: adrf 0.1.14, djangorestframework 3.18.3
Upstream: none known
"""

from typing import Any

import pytest
from adrf.views import APIView
from django.test import AsyncClient
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


Throttle: Any = BaseThrottle  # the type stubs know no async throttle


class SyncWait(Throttle):
    async def allow_request(self, request: Request, view: APIView) -> bool:
        return "polite" in request.query_params

    def wait(self) -> float:
        return 3


class AsyncWait(Throttle):
    async def allow_request(self, request: Request, view: APIView) -> bool:
        return "polite" in request.query_params

    async def wait(self) -> float:
        return 3


class Throttled(APIView):
    async def get(self, request: Request) -> Response:
        return Response()


urlpatterns = [
    path("async-wait/", Throttled.as_view(throttle_classes=[AsyncWait])),
    path("sync-wait/", Throttled.as_view(throttle_classes=[SyncWait])),
]


async def test_an_async_wait_is_not_awaited(async_client: AsyncClient) -> None:
    with pytest.raises(TypeError, match="must be real number, not coroutine") as caught:
        await async_client.get("/async-wait/")

    assert await caught.traceback[-1].frame.f_locals["wait"] == 3


async def test_nothing_is_wrong_until_somebody_is_throttled(async_client: AsyncClient) -> None:
    assert (await async_client.get("/async-wait/?polite")).status_code == 200


async def test_a_sync_wait_is_told_to_the_client(async_client: AsyncClient) -> None:
    response = await async_client.get("/sync-wait/")

    assert (response.status_code, response["Retry-After"]) == (429, "3")
