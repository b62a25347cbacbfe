"""Test that open streams hold nothing that other requests need.

Open more of them than the server has threads, and ask for something from the database beside them.
The trap is a stream that looks something up before it waits: where a request keeps its thread and
its connection to its end, that is as long as its client listens.
Code: talks/changes.py
"""

import asyncio
from contextlib import AsyncExitStack

import httpx2
import pytest

from tests.live.conftest import client_of
from tests.plugins.live_asgi_server import SERVERS, StartServer

pytestmark = pytest.mark.live


@pytest.mark.parametrize(
    ("name", "debug"),
    [*((name, "false") for name in SERVERS), ("uvicorn", "true")],
    ids=[*SERVERS, "where each stream has used a thread already"],
)
async def test_beside_many_listeners_others_are_served(
    start_asgi_server: StartServer, name: str, debug: str
) -> None:
    # In development, Django looks after its database connections when a request starts.
    server = await start_asgi_server(name, DEBUG=debug, HTTP_THREADS="1", HTTP_THREADS_AT_MOST="1")
    async with client_of(server) as client, AsyncExitStack() as listeners:
        streams: list[httpx2.Response] = await asyncio.gather(
            *(
                listeners.enter_async_context(client.stream("GET", "/api/talks/1/changes/"))
                for _ in range(50)
            )
        )
        assert {stream.status_code for stream in streams} == {200}

        response = await client.get("/api/users/")

    assert response.status_code == 200


@pytest.mark.parametrize("name", SERVERS)
async def test_a_server_stops_though_somebody_listens(
    start_asgi_server: StartServer, name: str
) -> None:
    server = await start_asgi_server(name)
    async with client_of(server) as client, client.stream("GET", "/api/talks/1/changes/") as stream:
        events = stream.aiter_bytes()
        assert await anext(events) == b"event: listening\ndata: {}\n\n"

        async with asyncio.timeout(15):
            await server.stop()

        with pytest.raises((StopAsyncIteration, httpx2.TransportError)):
            await anext(events)
