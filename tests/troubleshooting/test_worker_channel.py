"""A background worker that has no consumer for the channel.

``manage.py runworker thumbnails`` reads the channel ``thumbnails`` and calls the application under
the protocol ``channel``; a ``ChannelNameRouter`` there finds the consumer. What a sender misspells
kills nothing of its own: the worker logs it. Test the router with ``ApplicationCommunicator`` and a
scope of that type, and the sending side with ``channel_layer.receive``.

Message: ValueError: No application configured for channel name 'thumbnail'
Cure: one name, in one constant, for the router, for `runworker` and for `channel_layer.send`
Seen on: channels 4.3.2
Upstream: https://channels.readthedocs.io/en/stable/topics/worker.html
"""

from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.consumer import AsyncConsumer
from channels.layers import get_channel_layer
from channels.routing import ChannelNameRouter, ProtocolTypeRouter

# Redis' pub/sub layer keeps nothing for a worker that does not listen yet.
pytestmark = pytest.mark.usefixtures("layer_in_memory")

THUMBNAILS = "thumbnails"
made: list[str] = []


class MakeThumbnails(AsyncConsumer):
    async def thumbnail_make(self, message: dict[str, Any]) -> None:
        made.append(message["picture"])
        await self.channel_layer.send(message["reply_to"], {"type": "thumbnail.made"})


application = ProtocolTypeRouter(
    {"channel": ChannelNameRouter({THUMBNAILS: MakeThumbnails.as_asgi()})}
)


def work(channel: str) -> Any:
    """Be the worker of a channel."""
    communicator: Any = ApplicationCommunicator
    return communicator(application, {"type": "channel", "channel": channel})


async def test_a_misspelt_channel_has_no_consumer() -> None:
    worker = work("thumbnail")
    await worker.send_input({"type": "thumbnail.make"})

    with pytest.raises(ValueError, match="No application configured for channel name 'thumbnail'"):
        await worker.wait()


async def test_the_worker_does_what_was_sent_and_tells_so() -> None:
    made.clear()
    layer = get_channel_layer()
    await layer.send(THUMBNAILS, {"type": "thumbnail.make", "picture": "a", "reply_to": "me"})
    worker = work(THUMBNAILS)

    await worker.send_input(await layer.receive(THUMBNAILS))

    assert await layer.receive("me") == {"type": "thumbnail.made"}
    assert made == ["a"]
    worker.stop()
