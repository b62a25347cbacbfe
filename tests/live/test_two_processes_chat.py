"""Test that a chat is one room on several processes.

Let people on both write at once: everybody reads the same messages in the same order. Then kill one
process, as the kernel does when memory is short: nobody says goodbye, and its people have to vanish
all the same. The trap is a list of who is here that each process keeps for itself.
Code: chat/room_consumer.py
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from tests.live.rooms import AT_ONCE, Window, window
from tests.plugins.live_asgi_server import LiveServer, StartServer

pytestmark = [pytest.mark.live, pytest.mark.timeout(60)]

PEOPLE = 3  # on each process


@pytest.fixture
async def servers(start_asgi_server: StartServer) -> tuple[LiveServer, LiveServer]:
    """Two processes over one database and one Redis, of which one server is daphne."""
    return await asyncio.gather(
        start_asgi_server("uvicorn", CHAT_BEAT="0.5"), start_asgi_server("daphne", CHAT_BEAT="0.5")
    )


@pytest.fixture
async def enter() -> AsyncIterator[AsyncExitStack]:
    """What closes the windows that a test opens."""
    async with AsyncExitStack() as stack:
        yield stack


async def test_all_read_the_same_messages_in_the_same_order_whichever_process_they_are_on(
    servers: tuple[LiveServer, LiveServer], enter: AsyncExitStack
) -> None:
    room, total = uuid4().hex, 2 * PEOPLE * AT_ONCE
    people = [
        await enter.enter_async_context(window(server, room))
        for server in servers
        for _ in range(PEOPLE)
    ]

    async def write(person: Window, name: str) -> None:
        for number in range(AT_ONCE):
            await person.send(message="Hello", key=f"{name}-{number}")

    await asyncio.gather(*(write(person, str(n)) for n, person in enumerate(people)))

    read = await asyncio.gather(*(person.numbers(total) for person in people))
    assert read == [list(range(1, total + 1))] * len(people)


async def test_the_people_of_a_process_that_is_killed_vanish_within_seconds(
    servers: tuple[LiveServer, LiveServer],
) -> None:
    here, there = servers
    room = uuid4().hex
    async with window(here, room) as ada, window(there, room) as grace:
        await ada.send(join="Ada")
        while ada.first["you"] not in (await grace.until("here"))["here"]:
            pass

        await asyncio.to_thread(here.kill)

        async with asyncio.timeout(5):
            while ada.first["you"] not in (await grace.until("left"))["left"]:
                pass
        async with window(there, room) as late:
            assert late.first["people"] == {}
