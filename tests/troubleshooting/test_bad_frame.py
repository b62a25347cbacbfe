"""A frame that kills the consumer.

``receive_json`` is called with whatever the client sent. An exception in it ends the consumer,
and the server closes the socket: a client with a typing error is thrown out, and a hostile one
fills the log.

Message: KeyError: 'message'
Message: json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
Cure: decode in `receive`, answer a bad frame with an error, keep the socket
Seen on: channels 4.3.2
Upstream: none known
"""

from typing import Any

import pytest
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from chat.routing import websocket_urlpatterns

BAD_FRAMES = pytest.mark.parametrize(
    ("frame", "error"),
    [("{}", "'message'"), ("hello", "Expecting value: line 1 column 1")],
    ids=["no message", "no JSON"],
)


class Trusting(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        await self.send_json({"message": content["message"]})


@BAD_FRAMES
async def test_a_trusting_consumer_dies(frame: str, error: str) -> None:
    communicator = WebsocketCommunicator(Trusting.as_asgi(), "/")
    await communicator.connect()

    await communicator.send_to(frame)

    with pytest.raises((KeyError, ValueError), match=error):
        await communicator.wait()


@BAD_FRAMES
async def test_a_careful_consumer_answers_and_lives_on(frame: str, error: str) -> None:
    communicator = WebsocketCommunicator(URLRouter(websocket_urlpatterns), "/ws/chat/lobby/")
    await communicator.connect()

    await communicator.send_to(frame)
    await communicator.send_json_to({"message": "hello"})

    assert "error" in await communicator.receive_json_from()
    assert await communicator.receive_json_from() == {"message": "hello"}
    await communicator.disconnect()
