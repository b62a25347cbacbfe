"""A Redis layer whose idle sockets die.

channels_redis waits for messages in a command that blocks on the server for five seconds, and
redis-py 8 gives every read five seconds, where it once gave them for ever. So a consumer to whom
nobody talks is torn down. A server that never answers stands in for Redis here, and a shorter
timeout for the five seconds.

Message: redis.exceptions.TimeoutError: Timeout reading from 127.0.0.1:6379
Cure: `"hosts": [{"address": REDIS_URL, "socket_timeout": None}]`, or the pub/sub layer
Seen on: channels_redis 4.3.0, redis 8.1.0
Upstream: https://github.com/django/channels_redis/issues/422
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import redis.asyncio
from channels_redis.core import RedisChannelLayer


@pytest.fixture
async def idle_redis() -> AsyncIterator[int]:
    """The port of a server at which no message ever arrives."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while arguments := (await reader.readline())[1:]:
            lines = [await reader.readline() for _ in range(2 * int(arguments))]
            if lines[1] != b"BZPOPMIN\r\n":
                writer.write(b"+OK\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


def make_layer(port: int, **options: Any) -> RedisChannelLayer:
    # redis-py looks its own version up on disk, in the loop, unless it is told not to tell.
    host = {"host": "127.0.0.1", "port": port, "protocol": 2, "driver_info": None}
    return RedisChannelLayer(hosts=[{**host, **options}])


def test_the_default_timeout_is_no_longer_than_the_layer_waits() -> None:
    assert redis.asyncio.Connection().socket_timeout <= RedisChannelLayer.brpop_timeout


async def test_waiting_longer_than_the_timeout_raises(idle_redis: int) -> None:
    layer = make_layer(idle_redis, socket_timeout=0.01)

    with pytest.raises(redis.exceptions.TimeoutError, match=r"Timeout reading from 127\.0\.0\.1"):
        await layer.receive("alice")
    await layer.close_pools()


async def test_without_a_timeout_the_layer_waits(idle_redis: int) -> None:
    layer = make_layer(idle_redis, socket_timeout=None)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await layer.receive("alice")
    await layer.close_pools()
