"""A context variable that the application does not see.

A communicator runs the application in an empty context, as a server would. What the test has set
for itself, a tenant, a language by ``translation.override``, a ``ThreadSensitiveContext``, ends at
that border. ``AsyncClient`` has no such border.

Message: none; the consumer behaves as if the test had set nothing
Cure: pass it as a client would (headers, cookies, URL), or put it into the scope
Seen on: asgiref 3.13.0, channels 4.3.2
Upstream: none known
"""

from contextvars import ContextVar
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator

tenant = ContextVar("tenant", default="nobody")


class Greeter(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.accept(self.scope.get("tenant", tenant.get()))


async def test_a_variable_set_by_the_test_is_not_seen() -> None:
    tenant.set("alice")

    communicator = WebsocketCommunicator(Greeter.as_asgi(), "/")

    assert await communicator.connect() == (True, "nobody")
    await communicator.disconnect()


async def test_a_value_in_the_scope_is_seen() -> None:
    communicator: Any = WebsocketCommunicator(Greeter.as_asgi(), "/")

    communicator.scope["tenant"] = "alice"

    assert await communicator.connect() == (True, "alice")
    await communicator.disconnect()
