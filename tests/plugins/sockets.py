"""WebSocket clients for tests: open a socket to the application, close it afterwards.

Needs: channels, daphne, pytest-asyncio, pytest-django, and an ASGI application with your routes
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from channels.testing import WebsocketCommunicator

from myproject.asgi import application

JoinRoom = Callable[[str], Awaitable[WebsocketCommunicator]]

# What a browser sends: the page's own origin. Not the test client's "testserver": the check
# copies ALLOWED_HOSTS when the application is imported, before the tests add that name.
ORIGIN = [(b"origin", b"http://localhost")]


def socket_to(path: str, headers: list[tuple[bytes, bytes]] = ORIGIN) -> WebsocketCommunicator:
    """Return a client for the whole ASGI application, not connected yet.

    A consumer alone (``ChatConsumer.as_asgi()``) has no ``scope["url_route"]``; the application
    has the routing, and the checks in front of it, as in production.
    """
    return WebsocketCommunicator(application, path, headers=headers)


@pytest.fixture
async def join_room() -> AsyncIterator[JoinRoom]:
    """Open a socket to a room and return the connected client.

    All of them are disconnected after the test, also after one that failed: a consumer left
    running is a task that outlives its event loop.
    """
    async with AsyncExitStack() as cleanup:

        async def join(room: str) -> WebsocketCommunicator:
            client = socket_to(f"/ws/chat/{room}/")
            connected, _ = await client.connect()
            assert connected
            cleanup.push_async_callback(client.disconnect)
            return client

        yield join
