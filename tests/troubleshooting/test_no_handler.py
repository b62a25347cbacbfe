"""An event that the consumer has no method for.

The layer's event ``{"type": "chat.message"}`` calls ``chat_message``: full stops become
underscores. A method of another name, or a type without one, kills the consumer that *receives*
it, far from the line that sent it.

Message: ValueError: No handler for message type chat.message
Message: Exception inside application: No handler for message type chat.message
Cure: name the method after the event's type
Seen on: channels 4.3.2
Upstream: https://channels.readthedocs.io/en/stable/topics/consumers.html
"""

from typing import Any

import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator

EVENT = {"type": "chat.message", "text": "hello"}


class Misnamed(AsyncWebsocketConsumer):
    groups = ["lobby"]

    async def on_message(self, event: dict[str, Any]) -> None:
        await self.send(event["text"])


class Named(Misnamed):
    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.on_message(event)


async def test_the_receiver_dies() -> None:
    communicator = WebsocketCommunicator(Misnamed.as_asgi(), "/")
    await communicator.connect()

    await get_channel_layer().group_send("lobby", EVENT)

    with pytest.raises(ValueError, match=r"No handler for message type chat\.message"):
        await communicator.wait()


async def test_a_method_named_after_the_type_receives_it() -> None:
    communicator = WebsocketCommunicator(Named.as_asgi(), "/")
    await communicator.connect()

    await get_channel_layer().group_send("lobby", EVENT)

    assert await communicator.receive_from() == "hello"
    await communicator.disconnect()
