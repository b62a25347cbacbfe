"""A sync iterator in a streaming response under ASGI.

An async server cannot iterate it without blocking, so Django reads it to its end in a thread, and
sends the first byte after the last was made. It only warns.

Message: StreamingHttpResponse must consume synchronous iterators in order to serve them
Told by: the view makes a `StreamingHttpResponse` of its own
Cure: make it an async generator (`async def` with `yield`)
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/ref/request-response/#streaminghttpresponse-objects
"""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.test import AsyncClient
from django.urls import path

pytestmark = pytest.mark.urls(__name__)


def sync_words() -> Iterator[str]:
    yield "hello "
    yield "world"


async def async_words() -> AsyncIterator[str]:
    yield "hello "
    yield "world"


async def buffered(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(sync_words())


async def streamed(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(async_words())


urlpatterns = [path("buffered/", buffered), path("streamed/", streamed)]


async def test_a_sync_iterator_warns(async_client: AsyncClient) -> None:
    response: Any = await async_client.get("/buffered/")

    with pytest.warns(Warning, match="must consume synchronous iterators in order to serve them"):
        assert [chunk async for chunk in response] == [b"hello ", b"world"]


async def test_an_async_generator_streams(async_client: AsyncClient) -> None:
    response: Any = await async_client.get("/streamed/")

    assert [chunk async for chunk in response] == [b"hello ", b"world"]
