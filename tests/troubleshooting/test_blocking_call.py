"""A blocking call in the event loop.

``time.sleep``, a sync HTTP client or a big file in a coroutine stops every client of the process,
and no ordinary test notices. blockbuster makes the call itself raise, however deep it lies.

Message: blockbuster.blockbuster.BlockingError: Blocking call to time.sleep
Message: blockbuster.blockbuster.BlockingError: Blocking call to …
Told by: the named function stands in your code, or in a library that you call
Cure: await an async twin, or run it in `asyncio.to_thread` (`sync_to_async` if it uses the ORM)
Seen on: blockbuster 1.5.29
Upstream: https://github.com/cbornet/blockbuster
"""

import asyncio
import time

import pytest
from blockbuster import BlockingError


def poll_until_ready() -> bool:
    time.sleep(0.001)
    return True


async def test_a_sleep_two_calls_deep_raises() -> None:
    with pytest.raises(BlockingError, match=r"Blocking call to time\.sleep"):
        poll_until_ready()


async def test_a_thread_may_block() -> None:
    assert await asyncio.to_thread(poll_until_ready)
