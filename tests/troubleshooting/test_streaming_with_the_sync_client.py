"""An async streaming response read with the sync ``Client``.

``Client`` hands out the async iterator as it is, and sync code cannot iterate it: ``getvalue()``
raises, ``list(response)`` warns that it will collect everything first.

Message: TypeError: can only join an iterable
Message: StreamingHttpResponse must consume asynchronous iterators in order to serve them
    synchronously.
Message: TypeError: 'async_generator' object is not iterable
Cure: read it with `AsyncClient`, by `async for chunk in response`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/ref/request-response/#streaminghttpresponse-objects
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import path

pytestmark = pytest.mark.urls(__name__)


async def words() -> AsyncIterator[str]:
    yield "hello "
    yield "world"


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(words())


urlpatterns = [path("", stream)]


def test_getvalue_raises(client: Client) -> None:
    response = client.get("/")

    with pytest.raises(TypeError, match="can only join an iterable"):
        response.getvalue()


def test_iterating_it_warns(client: Client) -> None:
    response = client.get("/")

    with pytest.warns(Warning, match="must consume asynchronous iterators in order to serve them"):
        assert list(response) == [b"hello ", b"world"]


async def test_the_async_client_reads_it_chunk_by_chunk(async_client: AsyncClient) -> None:
    response: Any = await async_client.get("/")

    assert [chunk async for chunk in response] == [b"hello ", b"world"]
