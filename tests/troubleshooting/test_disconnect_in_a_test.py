"""A client that disconnects, which no test client can.

``AsyncClient`` waits for the response, and httpx's ``ASGITransport`` collects all of it first, so
with them a stream that never ends hangs the test. ``ApplicationCommunicator`` speaks plain ASGI:
send ``http.disconnect`` and see the view cancelled.

Message: none; the test hangs
Message: TimeoutError, of a test that reads an endless stream
Cure: `ApplicationCommunicator`, `send_input({"type": "http.disconnect"})`, `wait()`
Seen on: Django 5.2.19 and 6.1.3, channels 4.3.2, httpx2 2.16.2
Upstream: https://github.com/encode/httpx/issues/2186
"""

import asyncio

import pytest
from channels.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path

pytestmark = pytest.mark.urls(__name__)

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "headers": [(b"host", b"testserver")],
}


class LongPoll:
    """A view that waits for ever, and tells what became of it."""

    started: asyncio.Event
    cancelled: asyncio.Event


async def long_poll(request: HttpRequest) -> HttpResponse:
    LongPoll.started.set()
    try:
        return await asyncio.Future()
    except asyncio.CancelledError:
        LongPoll.cancelled.set()
        raise


urlpatterns = [path("", long_poll)]


@pytest.fixture(autouse=True)
async def _events() -> None:
    LongPoll.started = asyncio.Event()
    LongPoll.cancelled = asyncio.Event()


async def test_the_test_client_waits_for_ever(async_client: AsyncClient) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await async_client.get("/")


async def test_a_communicator_disconnects() -> None:
    communicator = ApplicationCommunicator(get_asgi_application(), SCOPE)
    await communicator.send_input({"type": "http.request"})
    await LongPoll.started.wait()

    await communicator.send_input({"type": "http.disconnect"})
    await communicator.wait()

    assert LongPoll.cancelled.is_set()
