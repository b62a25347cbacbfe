"""Test that who writes in a chat while PostgreSQL goes is told in time, and loses nothing.

Use a proxy before PostgreSQL: let it refuse, be silent, and break off a statement that is under
way. Who comes back with the last number that they have read, and sends again what was not
acknowledged, loses nothing and reads nothing twice. The trap is silence: all sockets share one
thread, and each would wait for those before it.
Code: chat/database.py
"""

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import psycopg
import pytest

from tests.live.conftest import Wire, client_of, recovery, status_becomes
from tests.live.rooms import refusal, window
from tests.plugins.live_asgi_server import LiveServer, StartServer

pytestmark = [pytest.mark.live, pytest.mark.timeout(60)]


@pytest.fixture
async def server(start_asgi_server: StartServer, database: Wire) -> LiveServer:
    """A server at the end of the wire, that bears one second of silence."""
    return await start_asgi_server(DATABASE_URL=database.url, DATABASE_SILENCE="1")


async def test_who_comes_back_after_an_outage_of_postgresql_has_lost_nothing(
    server: LiveServer, database: Wire
) -> None:
    room = uuid4().hex
    async with window(server, room) as ada, window(server, room) as grace:
        stored = [await ada.say("before", key=str(number)) for number in range(3)]
        await database.proxy.refuse()
        await ada.send(message="in vain", key="3")
        assert await ada.close_code() == 1013
        await database.proxy.heal()

        async with client_of(server) as client:
            await status_becomes(client, "/api/users/", 200)
        async with window(server, room, after=stored[-1]) as ada:
            stored += [await ada.say("again", key=str(number)) for number in (3, 2, 4)]
            assert (ada.first["history"], ada.first["skipped"]) == ([], 0)

        assert stored == [1, 2, 3, 4, 3, 5]
        assert await grace.numbers(5) == [1, 2, 3, 4, 5]
    async with window(server, room, after=2) as late:
        assert [message["id"] for message in late.first["history"]] == [3, 4, 5]


async def test_while_it_is_silent_all_who_write_are_told_at_the_same_time(
    server: LiveServer, database: Wire
) -> None:
    room = uuid4().hex
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(window(server, room)) for _ in range(8)]
        reader, *writers = people
        await reader.say("before", key="before")

        database.proxy.black_hole()
        await asyncio.gather(*(person.send(message="in vain", key="k") for person in writers))
        async with recovery("PostgreSQL was silent: all who wrote were told", within=3):
            codes = await asyncio.gather(*(person.close_code() for person in writers))
        await database.proxy.heal()

        assert codes == [1013] * 7
        async with (
            recovery("PostgreSQL speaks again: they were back", within=6),
            window(server, room, after=1) as ada,
        ):
            await ada.say("again", key="k")
        assert await reader.numbers(2) == [1, 2]
    log = await server.log()
    assert log.count("was closed: OperationalError: ") == 7
    assert "Traceback" not in log


async def test_who_comes_while_it_is_silent_is_told_to_try_again(
    server: LiveServer, database: Wire
) -> None:
    database.proxy.black_hole()

    async with recovery("PostgreSQL was silent: who came was told", within=5):
        codes = await asyncio.gather(*(refusal(server) for _ in range(5)))

    assert codes == [1013] * 5


async def test_a_statement_that_is_cut_off_is_as_if_it_had_never_begun(
    server: LiveServer, database: Wire, live_database_url: str
) -> None:
    room = uuid4().hex
    async with window(server, room) as ada, window(server, room) as grace:
        await ada.say("before", key="0")
        async with await psycopg.AsyncConnection.connect(live_database_url) as other:
            await other.execute("SELECT * FROM chat_room FOR UPDATE")
            await ada.send(message="broken off", key="1")
            await until_somebody_waits_for_a_lock(other)
            database.proxy.cut()
            assert await ada.close_code() == 1013

        async with window(server, room, after=1) as ada:
            assert ada.first["history"] == []
            assert await ada.say("again", key="1") == 2
        assert await grace.numbers(2) == [1, 2]


async def test_a_cut_between_two_messages_costs_neither(server: LiveServer, database: Wire) -> None:
    async with window(server, uuid4().hex) as ada:
        await ada.say("before", key="0")

        database.proxy.cut()

        assert await ada.say("after", key="1") == 2


async def until_somebody_waits_for_a_lock(connection: psycopg.AsyncConnection) -> None:
    """Ask PostgreSQL until somebody does, in this database."""
    waiting = (
        "SELECT 1 FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    while not await (await connection.execute(waiting)).fetchone():  # noqa: ASYNC110
        await asyncio.sleep(0.02)
