"""A consumer tested without its route.

``WebsocketCommunicator(ChatConsumer.as_asgi(), "/ws/chat/lobby/")`` calls the consumer alone. The
``URLRouter`` is what puts ``url_route`` into the scope, and ``AuthMiddleware`` what puts ``user``.

Message: KeyError: 'url_route'
Message: KeyError: 'user'
Message: KeyError: 'session'
Cure: give the communicator the `URLRouter`, or the whole ASGI application
Seen on: channels 4.3.2
Upstream: https://github.com/django/channels/issues/983
"""

from typing import Any

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser

from chat.consumers import ChatConsumer
from chat.routing import websocket_urlpatterns


class Greeter(AsyncWebsocketConsumer):
    async def connect(self) -> None:
        await self.accept(str(self.scope["user"]))


async def test_a_consumer_alone_has_no_route() -> None:
    communicator = WebsocketCommunicator(ChatConsumer.as_asgi(), "/ws/chat/lobby/")

    with pytest.raises(KeyError, match="'url_route'"):
        await communicator.connect(timeout=0.2)


async def test_a_consumer_alone_has_no_user() -> None:
    with pytest.raises(KeyError, match="'user'"):
        await WebsocketCommunicator(Greeter.as_asgi(), "/").connect(timeout=0.2)


async def test_a_user_can_be_put_into_the_scope() -> None:
    communicator: Any = WebsocketCommunicator(Greeter.as_asgi(), "/")
    communicator.scope["user"] = AnonymousUser()

    assert await communicator.connect() == (True, "AnonymousUser")
    await communicator.disconnect()


async def test_a_consumer_behind_its_route_connects() -> None:
    communicator = WebsocketCommunicator(URLRouter(websocket_urlpatterns), "/ws/chat/lobby/")

    connected, _ = await communicator.connect()

    assert connected
    await communicator.disconnect()
