"""Messages that a full channel drops.

A layer keeps at most ``capacity`` messages per channel, 100 unless told otherwise. ``send``
raises ``ChannelFull``; ``group_send`` drops the message for that member and says nothing, so a
burst reaches a slow client in part.

Message: channels.exceptions.ChannelFull
Message: none; some messages of a burst never arrive (`group_send` is silent)
Cure: raise `"CONFIG": {"capacity": …}` to the burst you expect, and send less: bundle messages
Seen on: channels 4.3.2
Upstream: https://github.com/django/channels_redis/issues/181
"""

import pytest
from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer

BURST = 150


async def delivered_of_a_burst(layer: InMemoryChannelLayer) -> int:
    await layer.group_add("lobby", "alice")
    for number in range(BURST):
        await layer.group_send("lobby", {"type": "chat.message", "number": number})
    return int(layer.channels["alice"].qsize())


async def test_group_send_drops_silently() -> None:
    assert await delivered_of_a_burst(InMemoryChannelLayer()) == 100


async def test_send_raises() -> None:
    layer = InMemoryChannelLayer(capacity=1)
    await layer.send("alice", {"type": "chat.message"})

    with pytest.raises(ChannelFull, match="alice"):
        await layer.send("alice", {"type": "chat.message"})


async def test_a_larger_capacity_takes_the_burst() -> None:
    assert await delivered_of_a_burst(InMemoryChannelLayer(capacity=BURST)) == BURST
