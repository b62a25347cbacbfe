"""Test that a chat which acknowledges keeps its word through outages of Redis.

Use a proxy before Redis, and a process on either side of it. Redis only makes known what PostgreSQL
has, so nobody who writes waits for it; and whatever was acknowledged is read by everybody, in
order, also if the process that stored it was killed before it could tell the others.
Code: chat/hub.py
"""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from tests.live.conftest import Wire, recovery
from tests.live.rooms import Window, refusal, window
from tests.plugins.live_asgi_server import LiveServer, StartServer

pytestmark = [pytest.mark.live, pytest.mark.timeout(60)]

Servers = tuple[LiveServer, LiveServer]
People = tuple[Window, Window]


@pytest.fixture
async def servers(start_asgi_server: StartServer, redis: Wire) -> Servers:
    """Two processes, of which the first can be cut off."""
    return await asyncio.gather(
        start_asgi_server(REDIS_URL=redis.url, CHAT_BEAT="0.5"), start_asgi_server(CHAT_BEAT="0.5")
    )


@pytest.fixture
async def people(servers: Servers) -> AsyncIterator[People]:
    """Somebody in one room on each, who have read its first message."""
    room = uuid4().hex
    async with window(servers[0], room) as ada, window(servers[1], room) as grace:
        await ada.say("before", key="0")
        assert await grace.numbers(1) == [1]
        yield ada, grace


async def test_what_is_acknowledged_while_redis_is_away_is_read_on_the_other_process_afterwards(
    people: People, redis: Wire
) -> None:
    ada, grace = people
    await redis.proxy.refuse()
    stored = [await ada.say("meanwhile", key=str(number)) for number in range(1, 6)]
    await redis.proxy.heal()
    stored.append(await ada.say("after", key="6"))

    async with recovery("Redis was healed: the others had read everything", within=15):
        assert await grace.numbers(6) == stored == [2, 3, 4, 5, 6, 7]


async def test_while_redis_is_silent_nobody_who_writes_waits_for_it(
    people: People, redis: Wire
) -> None:
    ada, grace = people
    redis.proxy.black_hole()

    async with asyncio.timeout(2):
        stored = [await ada.say("meanwhile", key=str(number)) for number in range(1, 11)]

    await redis.proxy.heal()
    async with recovery("Redis speaks again: the others had read everything", within=5):
        assert await grace.numbers(10) == stored == list(range(2, 12))


@pytest.mark.parametrize("refuses", [True, False], ids=["refuses", "is silent"])
async def test_while_redis_is_away_a_process_reads_what_the_other_has_stored(
    people: People, redis: Wire, refuses: bool
) -> None:
    ada, grace = people
    await ada.numbers(1)
    if refuses:
        await redis.proxy.refuse()
    else:
        redis.proxy.black_hole()

    async with recovery("Redis was away: what the other process stored was read", within=10):
        for number in (2, 3):
            await grace.say("meanwhile", key=str(number))
            assert await ada.numbers(1) == [number]


async def test_who_comes_while_redis_is_silent_is_told_to_try_again(
    servers: Servers, redis: Wire
) -> None:
    redis.proxy.black_hole()

    async with recovery("Redis was silent: who came was told", within=5):
        assert await refusal(servers[0]) == 1013


async def test_around_a_cut_each_reads_what_the_other_wrote_in_order(
    people: People, redis: Wire
) -> None:
    ada, grace = people
    await ada.numbers(1)

    redis.proxy.cut()
    await asyncio.gather(*(person.send(message="Hello") for person in people for _ in range(5)))

    async with recovery("Redis was cut: each had read the other", within=10):
        assert await ada.numbers(10) == await grace.numbers(10) == list(range(2, 12))


async def test_what_a_process_had_told_nobody_when_it_was_killed_is_read_all_the_same(
    people: People, servers: Servers, redis: Wire
) -> None:
    ada, grace = people
    redis.proxy.black_hole()
    stored = await ada.say("last words", key="1")

    await asyncio.to_thread(servers[0].kill)

    async with recovery("A process was killed: its last words were read", within=5):
        assert await grace.numbers(1) == [stored]
