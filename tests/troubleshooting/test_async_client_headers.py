"""Headers that ``AsyncClient`` does not send.

``HTTP_AUTHORIZATION=…`` is WSGI's spelling. The async client takes it for a header of that very
name, and sends ``Http-Authorization``; so it does with the ``headers`` of its constructor. No
error: the server just never sees them, and answers 401 or 403.

Message: none; AsyncClient(HTTP_AUTHORIZATION=…) and AsyncClient(headers=…) arrive as Http-…
Message: 401 or 403, although the test sends a token
Cure: pass `headers={"Authorization": …}` in each call
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://code.djangoproject.com/ticket/35414
"""

import pytest
from django.http import HttpRequest, JsonResponse
from django.test import AsyncClient
from django.urls import path

pytestmark = pytest.mark.urls(__name__)


async def echo(request: HttpRequest) -> JsonResponse:
    return JsonResponse(dict(request.headers))


urlpatterns = [path("", echo)]


async def test_a_wsgi_keyword_arrives_under_another_name() -> None:
    sent: dict[str, str] = (await AsyncClient().get("/", HTTP_AUTHORIZATION="Token 1")).json()

    assert "Authorization" not in sent
    assert sent["Http-Authorization"] == "Token 1"


async def test_headers_of_the_constructor_arrive_under_another_name() -> None:
    client = AsyncClient(headers={"Authorization": "Token 1"})

    sent: dict[str, str] = (await client.get("/")).json()

    assert "Authorization" not in sent
    assert sent["Http-Authorization"] == "Token 1"


async def test_headers_of_the_call_arrive() -> None:
    sent = (await AsyncClient().get("/", headers={"Authorization": "Token 1"})).json()

    assert sent["Authorization"] == "Token 1"
