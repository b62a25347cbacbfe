"""A counter in the cache that never expires, or misses some.

Until Django 6.1, ``aincr`` does not call the backend's ``incr``: it reads, adds, and writes with
the default timeout. A limit per minute then lasts as long as somebody tries, and of two increments
at the same time one is lost.

Message: none; a counter set for a minute is still there, and lower than it should be
Cure: `await sync_to_async(cache.incr)(key)`
Seen on: Django 5.2.19 and 6.0.10; not on 6.1.3
Upstream: none known
"""

import asyncio

import django
import pytest
import time_machine
from asgiref.sync import sync_to_async
from django.core.cache import cache

pytestmark = pytest.mark.usefixtures("cache_in_memory")

IS_MENDED = django.VERSION >= (6, 1)


async def test_the_expiry_is_lost_before_6_1() -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        await cache.aset("attempts", 1, timeout=60)
        await cache.aincr("attempts")
        clock.shift(61)

        assert (await cache.aget("attempts") is None) == IS_MENDED


async def test_incr_in_a_thread_keeps_the_expiry() -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        await cache.aset("attempts", 1, timeout=60)
        await sync_to_async(cache.incr)("attempts")
        clock.shift(61)

        assert await cache.aget("attempts") is None


async def test_one_of_two_increments_is_lost_before_6_1() -> None:
    await cache.aset("attempts", 0)

    await asyncio.gather(cache.aincr("attempts"), cache.aincr("attempts"))

    assert await cache.aget("attempts") == (2 if IS_MENDED else 1)


async def test_incr_in_a_thread_loses_none() -> None:
    await cache.aset("attempts", 0)
    incr = sync_to_async(cache.incr)

    await asyncio.gather(incr("attempts"), incr("attempts"))

    assert await cache.aget("attempts") == 2
