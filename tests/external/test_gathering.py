"""Test that calls run at once: with a barrier, which calls one after another never pass.

Use this for anything that should overlap. The trap is to measure the time: on a busy machine such
a test fails for no reason, and on an idle one it hardly notices calls that are serial but quick.
Code: external/gathering.py, external/api.py, external/clients.py
"""

import asyncio
from typing import Any

import pytest

from external.api import ExternalApiError
from external.gathering import gather_answers

URLS = {"weather": "http://weather.example/", "news": "http://news.example/"}


async def test_all_are_asked_at_once() -> None:
    everybody_asked = asyncio.Barrier(2)

    async def fetch(url: str) -> dict[str, Any]:
        await everybody_asked.wait()
        return {"from": url}

    async with asyncio.timeout(2):
        answers = await gather_answers(fetch, URLS)

    assert answers == {
        "weather": {"data": {"from": "http://weather.example/"}},
        "news": {"data": {"from": "http://news.example/"}},
    }


async def test_one_failure_costs_its_own_part_of_the_answer() -> None:
    failed = asyncio.Event()

    async def fetch(url: str) -> dict[str, Any]:
        if url == URLS["news"]:
            failed.set()
            raise ExternalApiError("no news")
        await failed.wait()
        return {"sun": True}

    answers = await gather_answers(fetch, URLS)

    assert answers == {"weather": {"data": {"sun": True}}, "news": {"error": "no news"}}


class Waiting:
    """A call that never ends by itself, and tells what became of it."""

    def __init__(self) -> None:
        self.started = asyncio.Event()
        self.cancelled = False

    async def fetch(self, url: str) -> dict[str, Any]:
        self.started.set()
        try:
            return await asyncio.Future()
        finally:
            self.cancelled = True


async def test_a_defect_in_one_cancels_the_others() -> None:
    waiting = Waiting()

    async def fetch(url: str) -> dict[str, Any]:
        if url == URLS["weather"]:
            return await waiting.fetch(url)
        await waiting.started.wait()
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup) as raised:
        await gather_answers(fetch, URLS)

    assert raised.group_contains(ZeroDivisionError)
    assert waiting.cancelled


async def test_when_the_caller_leaves_no_call_goes_on() -> None:
    waiting = Waiting()
    caller = asyncio.create_task(gather_answers(waiting.fetch, URLS))
    await waiting.started.wait()

    caller.cancel()
    await asyncio.wait([caller])

    assert waiting.cancelled
