"""A stream whose ``finally`` never runs.

When a client leaves, Django cancels the view's task. A generator that waits for its next event
sees that. One that stands at its ``yield``, because the client did not read, does not: nobody
closes it, and what it holds (a connection, a subscription) stays until the garbage collector comes.

Message: none; connections to an upstream, or group memberships, that outlive their clients
Cure: a response whose `__aiter__` closes the generator, with `contextlib.aclosing`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#handling-disconnects
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

pytestmark = pytest.mark.urls(__name__)


class Stream:
    """A stream of one event, and whether it was closed."""

    closed = False
    opened: AsyncGenerator[bytes]  # kept here, so that the garbage collector does not come

    @classmethod
    def open(cls) -> AsyncGenerator[bytes]:
        cls.opened = cls.events()
        return cls.opened

    @staticmethod
    async def events() -> AsyncGenerator[bytes]:
        try:
            yield b"data: hello\n\n"
        finally:
            Stream.closed = True


class ClosingResponse(StreamingHttpResponse):
    """A response that closes its generator."""

    def __init__(self, events: AsyncGenerator[bytes]) -> None:
        self.events = events
        super().__init__(events)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(self.events):
            async for chunk in super().__aiter__():  # pragma: no branch (its reader leaves)
                yield chunk


async def plain(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(Stream.open())


async def closing(request: HttpRequest) -> StreamingHttpResponse:
    return ClosingResponse(Stream.open())


urlpatterns = [path("plain/", plain), path("closing/", closing)]


@pytest.fixture(autouse=True)
async def _stream() -> AsyncIterator[None]:
    Stream.closed = False
    yield
    await Stream.opened.aclose()


async def leave_without_reading(url: str) -> None:
    """Ask for a stream, never read it, and leave."""
    inbox: asyncio.Queue[Any] = asyncio.Queue()
    inbox.put_nowait({"type": "http.request"})

    async def send(message: Any) -> None:
        if message.get("body"):
            inbox.put_nowait({"type": "http.disconnect"})
            await asyncio.Future()

    headers = [(b"host", b"testserver")]
    scope = {"type": "http", "method": "GET", "path": url, "query_string": b"", "headers": headers}
    await get_asgi_application()(scope, inbox.get, send)


async def test_a_plain_response_leaves_its_generator_open() -> None:
    await leave_without_reading("/plain/")

    assert not Stream.closed


async def test_a_response_that_closes_its_generator_does_not() -> None:
    await leave_without_reading("/closing/")

    assert Stream.closed
