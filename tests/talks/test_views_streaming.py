"""Test that a stream over the channel layer ends with its client, and holds nothing meanwhile.

Without a ``django_db`` marker pytest-django refuses every query, which is the proof that a listener
needs no connection. Speak ASGI by hand for a client who leaves. The trap is a listener who leaves
the group only when the next event comes: members pile up where nothing happens.
"""

import asyncio
import threading
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.core.asgi import get_asgi_application
from django.test import AsyncClient
from pytest_django import Settings

from talks.changes import announce


class Client:
    """Listens to talk 1 until it leaves; reads if it may."""

    def __init__(self) -> None:
        self.inbox: asyncio.Queue[Any] = asyncio.Queue()
        self.inbox.put_nowait({"type": "http.request"})
        self.reads = True
        self.body = b""
        self.received = asyncio.Event()

    async def listen(self) -> None:
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/talks/1/changes/",
            "query_string": b"",
            "headers": [(b"host", b"testserver")],
        }
        await get_asgi_application()(scope, self.inbox.get, self.send)

    async def send(self, message: Any) -> None:
        self.body += message.get("body", b"")
        if self.body:
            self.received.set()
            while not self.reads:
                await asyncio.Future()

    def leave(self) -> None:
        self.inbox.put_nowait({"type": "http.disconnect"})


@pytest.fixture
def layer(settings: Settings) -> Any:
    """The layer in memory, which can be asked for its groups."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    return get_channel_layer()


@pytest.mark.parametrize("reads", [True, False], ids=["waits for an event", "does not read"])
async def test_a_client_who_leaves_leaves_the_group(layer: Any, reads: bool) -> None:
    client = Client()
    client.reads = reads
    request = asyncio.create_task(client.listen())
    await client.received.wait()
    assert list(layer.groups) == ["talk-1"]

    client.leave()
    await asyncio.wait_for(request, timeout=1)

    assert layer.groups == {}
    assert layer.channels == {}


async def test_two_hundred_listeners_hold_no_thread_and_no_connection(
    async_client: AsyncClient,
) -> None:
    threads = threading.active_count()
    responses: list[Any] = [await async_client.get("/api/talks/1/changes/") for _ in range(200)]
    streams = [aiter(response) for response in responses]
    await asyncio.gather(*map(anext, streams))

    heard = asyncio.gather(*map(anext, streams))
    await announce(1, 7)

    assert set(await heard) == {b'event: seats\ndata: {"seats_left": 7}\n\n'}
    assert threading.active_count() <= threads + 1
    await asyncio.gather(*(stream.aclose() for stream in streams))
