"""Test what one fault does to everybody else.

Use this for faults that are somebody else's: a process that dies, an outside API that says nothing,
five hundred people whose train enters a tunnel. The question is the same each time: who notices?
"""

import asyncio
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError

from tests.live.conftest import (
    Upstream,
    client_of,
    join,
    log_in,
    recovery,
    said,
    status_becomes,
    wire_to,
)
from tests.plugins.live_asgi_server import LiveServer, StartServer
from tests.plugins.tcp_proxy import MakeProxy

pytestmark = pytest.mark.live


async def test_when_a_process_is_killed_the_other_serves_on_with_all_that_was_acknowledged(
    start_asgi_server: StartServer, room: str
) -> None:
    here, there = await asyncio.gather(start_asgi_server(), start_asgi_server())
    async with client_of(here) as client, client_of(there) as other:
        await log_in(client)
        created = await client.post(
            "/api/drf/users/",
            json={"name": "Grace", "email": "grace@example.com"},
            headers={"X-CSRFToken": client.cookies["csrftoken"]},
        )
        async with join(here, room) as alice, join(there, room) as bob:
            await asyncio.to_thread(here.kill)

            with pytest.raises(ConnectionClosedError):
                await alice.recv()
            await bob.send('{"message": "Still here"}')
            assert await said(bob) == {"message": "Still here"}

        assert alice.close_code == 1006
        grace = await other.get(f"/api/users/{created.json()['id']}/")
        assert grace.json()["name"] == "Grace"


async def test_a_silent_upstream_costs_its_own_callers_their_time_and_nobody_else(
    start_asgi_server: StartServer, slow_upstream: Upstream, tcp_proxy: MakeProxy
) -> None:
    slow_upstream.may_answer.set()
    wire = await wire_to(slow_upstream.url, tcp_proxy)
    server = await start_asgi_server(EXTERNAL_API_URL=wire.url, EXTERNAL_API_TIMEOUT="3")
    async with client_of(server) as callers, client_of(server) as others:
        wire.proxy.black_hole()
        silent = [asyncio.create_task(callers.get("/api/external/")) for _ in range(50)]
        assert (await others.get("/api/users/1/")).status_code == 200
        assert not any(caller.done() for caller in silent)
        async with asyncio.timeout(10):
            answers = await asyncio.gather(*silent)
        assert [answer.status_code for answer in answers] == [504] * 50
        assert answers[0].json() == {"detail": "The outside API did not answer in time."}

        await wire.proxy.heal()
        async with recovery("The upstream was healed: its callers were served", within=3):
            await status_becomes(callers, "/api/external/", 200)


async def test_five_hundred_sockets_that_drop_at_once_leave_nothing_behind(
    start_asgi_server: StartServer, room: str
) -> None:
    server = await start_asgi_server()
    async with join(server, room) as stays:
        await stays.send('{"message": "First"}')
        await said(stays)
        before = await open_files(server)
        people = [await join(server, room) for _ in range(500)]

        for person in people:
            person.transport.abort()

        async with recovery("500 sockets dropped: the others were heard", within=2):
            await stays.send('{"message": "Anybody?"}')
            assert await said(stays) == {"message": "Anybody?"}
        async with recovery("500 sockets dropped: their files were closed", within=10):
            while await open_files(server) > before:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.02)
    assert "Traceback" not in await server.log()


async def open_files(server: LiveServer) -> int:
    """Return how many files and sockets the server has open."""
    folder = Path(f"/proc/{server.process.pid}/fd")
    return await asyncio.to_thread(lambda: len(list(folder.iterdir())))
