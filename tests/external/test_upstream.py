"""Test a view that streams server-sent events without an end.

Use the generator itself for what it yields, a few times ``anext``, and the response for its
headers. The trap is ``async for`` over the whole response: neither it nor the test ever ends.
"""

import asyncio
import threading
from contextlib import AsyncExitStack, aclosing
from typing import Any

import pytest
from django.test import AsyncClient
from django.urls import reverse

from external import upstream
from external.upstream import ticks


async def test_the_upstream_answers_json(async_client: AsyncClient) -> None:
    response = await async_client.get(reverse("upstream"))

    assert response.status_code == 200
    source = "the upstream that ships with this project"
    assert response.json() == {"source": source, "up": True}


@pytest.mark.parametrize("path", ["/upstream/", "/upstream/clock/"])
async def test_other_methods_than_get_are_refused(async_client: AsyncClient, path: str) -> None:
    assert (await async_client.post(path)).status_code == 405


async def test_the_first_event_comes_at_once(async_client: AsyncClient) -> None:
    response: Any = await async_client.get("/upstream/clock/")

    async with aclosing(aiter(response)) as events:
        first = await anext(events)

    assert response.headers["Content-Type"] == "text/event-stream"
    assert first.startswith(b"event: tick\ndata: 20")
    assert first.endswith(b"+00:00\n\n")


async def test_many_events_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upstream, "SECONDS", 0)

    async with aclosing(ticks()) as events:
        several = [await anext(events) for _ in range(5)]

    assert len(set(several)) == 5


async def test_a_second_lies_between_two_events() -> None:
    async with aclosing(ticks()) as events:
        await anext(events)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await anext(events)


async def test_two_hundred_listeners_hold_no_thread() -> None:
    threads = set(threading.enumerate())
    async with AsyncExitStack() as streams:
        listeners = [await streams.enter_async_context(aclosing(ticks())) for _ in range(200)]
        await asyncio.gather(*map(anext, listeners))

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.gather(*map(anext, listeners))

    assert set(threading.enumerate()) <= threads
