"""adrf's own test client.

``AsyncAPIClient`` sends the content type of a JSON body twice, which DRF refuses. Its
``credentials()`` are sent nowhere, and ``force_authenticate(None)`` logs out through a sync
session. Django's ``AsyncClient`` does all three, by other means.

Message: Unsupported media type "application/json,application/json" in request.
Message: 415 Unsupported Media Type from `AsyncAPIClient.post(…, format="json")`
Cure: `async_client.post(url, data, content_type="application/json")`
Seen on: adrf 0.1.14, Django 5.2.19 and 6.1.3
Upstream: https://github.com/em1208/adrf/pull/62
"""

from typing import Any

import pytest
from adrf.test import AsyncAPIClient
from adrf.views import APIView
from django.core.exceptions import SynchronousOnlyOperation
from django.test import AsyncClient
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ALICE = {"name": "Alice"}


class Echo(APIView):
    """Answers with what it was sent."""

    permission_classes: Any = ()

    async def get(self, request: Request) -> Response:
        return Response()

    async def post(self, request: Request) -> Response:
        return Response(request.data, status=201)


urlpatterns = [path("", Echo.as_view())]


async def test_a_json_body_is_refused() -> None:
    response = await AsyncAPIClient().post("/", ALICE, format="json")

    assert response.status_code == 415
    assert response.json()["detail"] == (
        'Unsupported media type "application/json,application/json" in request.'
    )


async def test_credentials_are_not_sent() -> None:
    client = AsyncAPIClient()
    client.credentials(HTTP_AUTHORIZATION="Token 1")

    request = (await client.get("/")).asgi_request

    assert "Authorization" not in request.headers


async def test_force_authenticate_none_raises() -> None:
    client = AsyncAPIClient()

    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        client.force_authenticate(None)


async def test_djangos_client_is_understood(async_client: AsyncClient) -> None:
    response = await async_client.post("/", ALICE, content_type="application/json")

    assert (response.status_code, response.json()) == (201, ALICE)
