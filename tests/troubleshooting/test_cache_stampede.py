"""A hundred callers who all miss the cache.

``aget_or_set`` looks, computes and stores. While the first caller computes, nothing is stored yet,
so everybody who comes meanwhile computes too: when a popular key expires, a slow upstream gets all
its callers at once. Let the later ones wait for the first one's call instead.

Message: none; a burst of calls to an upstream whenever a cached answer expires
Cure: keep the call itself, an `asyncio.Task`, and `await asyncio.shield(task)`: external/caching.py
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/cache/#asynchronous-support
"""

import asyncio
from collections.abc import Iterator

import pytest
from django.core.cache import cache

CALLERS = 20


class Upstream:
    """Answers when all who are going to ask have asked."""

    def __init__(self, callers: int) -> None:
        self.calls = 0
        self.all_have_asked = asyncio.Barrier(callers)

    async def fetch(self) -> str:
        self.calls += 1
        await self.all_have_asked.wait()
        return "news"


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.delete("news")
    yield
    cache.delete("news")


async def get_or_set(upstream: Upstream) -> str:
    """Do what `aget_or_set` does, with a default that awaits, which `aget_or_set` cannot."""
    answer = await cache.aget("news") or await upstream.fetch()
    await cache.aset("news", answer)
    return str(answer)


async def test_all_who_miss_ask() -> None:
    upstream = Upstream(CALLERS)

    await asyncio.gather(*(get_or_set(upstream) for _ in range(CALLERS)))

    assert upstream.calls == CALLERS


async def test_all_wait_for_the_one_who_asks() -> None:
    upstream = Upstream(1)
    calls: dict[str, asyncio.Task[str]] = {}

    async def get() -> str:
        if "news" not in calls:
            calls["news"] = asyncio.create_task(get_or_set(upstream))
        return await asyncio.shield(calls["news"])

    assert await asyncio.gather(*(get() for _ in range(CALLERS))) == ["news"] * CALLERS

    assert upstream.calls == 1
