"""adrf's own test client.

``AsyncAPIClient`` sends the content type of a JSON body twice, which DRF refuses. Its
``credentials()`` are sent nowhere, and ``force_authenticate(None)`` logs out through a sync
session. Django's ``AsyncClient`` does all three, by other means.

Message: Unsupported media type "application/json,application/json" in request.
Cure: `async_client.post(url, data, content_type="application/json")`
Seen on: adrf 0.1.14, Django 5.2.19 and 6.1.3
Upstream: https://github.com/em1208/adrf/pull/62
"""

import pytest
from adrf.test import AsyncAPIClient
from django.core.exceptions import SynchronousOnlyOperation
from django.test import AsyncClient

from users.models import User

pytestmark = pytest.mark.django_db

URL = "/api/drf/users/"
ALICE = {"name": "Alice", "email": "alice@example.com"}


async def test_a_json_body_is_refused(user: User) -> None:
    client = AsyncAPIClient()
    client.force_authenticate(user)

    response = await client.post(URL, ALICE, format="json")

    assert response.status_code == 415
    assert response.json()["detail"] == (
        'Unsupported media type "application/json,application/json" in request.'
    )


async def test_credentials_are_not_sent() -> None:
    client = AsyncAPIClient()
    client.credentials(HTTP_AUTHORIZATION="Token 1")

    request = (await client.get(URL)).asgi_request

    assert "Authorization" not in request.headers


async def test_force_authenticate_none_raises() -> None:
    client = AsyncAPIClient()

    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        client.force_authenticate(None)


async def test_djangos_client_is_understood(authenticated_async_client: AsyncClient) -> None:
    response = await authenticated_async_client.post(URL, ALICE, content_type="application/json")

    assert response.status_code == 201
