"""Test that a client who leaves a stream is noticed, whatever the stream waits for.

Call the ASGI application itself, with a ``receive`` and a ``send`` of your own: the test decides
when the client reads and when it leaves. The trap is a test that ends because the stream does, or
its own time is over: then nobody has left. The other trap is the client who does not read: Django
cancels the ``send``, which the generator, at its ``yield``, never sees.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from django.core.asgi import get_asgi_application
from django.test import AsyncClient
from pytest_django import Settings
from pytest_mock import MockerFixture

from external.api import ExternalApiTimeoutError
from external.streaming import ExternalStream


class Upstream(httpx2.AsyncByteStream):
    """Sends so many events, then keeps silent; tells when its connection is closed."""

    def __init__(self) -> None:
        self.events = 1
        self.silent = asyncio.Event()
        self.closed = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for number in range(self.events):
            yield f"data: {number}\n\n".encode()
        self.silent.set()
        await asyncio.Future()

    async def aclose(self) -> None:
        self.closed.set()


class Client:
    """Speaks plain ASGI: reads as long as it may, and leaves when it is told."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[Any] = asyncio.Queue()
        self.inbox.put_nowait({"type": "http.request"})
        self.received: list[Any] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.blocked = asyncio.Event()

    async def get(self, path: str) -> None:
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": [(b"host", b"testserver")],
        }
        await get_asgi_application()(scope, self.inbox.get, self.send)

    async def send(self, message: Any) -> None:
        self.received.append(message)
        if message.get("body") and not self.reads.is_set():
            self.blocked.set()
            await self.reads.wait()

    def leave(self) -> None:
        self.inbox.put_nowait({"type": "http.disconnect"})


@pytest.fixture
async def upstream(mocker: MockerFixture, settings: Settings) -> Upstream:
    """An outside API that the view finds."""
    settings.EXTERNAL_STREAM_URL = "http://api.example/events/"
    body = Upstream()
    response = httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, stream=body)
    stream = ExternalStream(httpx2.MockTransport(lambda _request: response))
    mocker.patch("external.views.external_stream", stream)
    return body


@pytest.fixture
async def client() -> Client:
    return Client()


async def test_events_are_passed_on_as_they_come(upstream: Upstream, client: Client) -> None:
    upstream.events = 2
    request = asyncio.create_task(client.get("/api/external/stream/"))

    await upstream.silent.wait()

    start, *bodies = client.received
    assert start["status"] == 200
    assert (b"Content-Type", b"text/event-stream") in start["headers"]
    assert [body["body"] for body in bodies] == [b"", b"data: 0\n\n", b"data: 1\n\n"]
    client.leave()
    await request


async def test_the_upstream_is_closed_when_the_client_leaves_while_nothing_comes(
    upstream: Upstream, client: Client
) -> None:
    request = asyncio.create_task(client.get("/api/external/stream/"))
    await upstream.silent.wait()
    assert not upstream.closed.is_set()

    client.leave()

    await asyncio.wait_for(upstream.closed.wait(), timeout=1)
    await request


async def test_the_upstream_is_closed_when_a_client_leaves_who_did_not_read(
    upstream: Upstream, client: Client
) -> None:
    client.reads.clear()
    request = asyncio.create_task(client.get("/api/external/stream/"))
    await client.blocked.wait()
    assert not upstream.closed.is_set()

    client.leave()

    await asyncio.wait_for(upstream.closed.wait(), timeout=1)
    assert not upstream.silent.is_set()  # nothing was asked for that nobody would read
    await request


async def test_a_stream_that_cannot_be_opened_is_a_bad_gateway(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    error = ExternalApiTimeoutError("too late")
    mocker.patch("external.views.external_stream.open", side_effect=error)

    response = await async_client.get("/api/external/stream/")

    assert response.status_code == 504
    assert response.json() == {"detail": "too late"}
