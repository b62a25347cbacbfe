"""How the chat speaks to the channel layer: within a time limit, and prepared for its absence."""

import asyncio
from typing import Any

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

SECONDS = 2.0

# What a layer raises when the server behind it is gone. `OSError` includes `TimeoutError`.
LAYER_ERRORS = (RedisError, OSError)


async def group_send(group: str, event: dict[str, Any]) -> None:
    """Send an event to everyone in a group.

    Raises:
        RedisError: The layer cannot be reached.
        OSError: The same, or it took longer than ``SECONDS``.
    """
    async with asyncio.timeout(SECONDS):
        await get_channel_layer().group_send(group, event)
