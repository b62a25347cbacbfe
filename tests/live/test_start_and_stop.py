"""Test how the server starts and stops.

Use this before a deployment does: it shows what clients see of a restart, and what an operator
sees of a mistake. The servers differ, and each has its row here: know yours.
"""

import asyncio

import httpx2
import pytest
from websockets.exceptions import ConnectionClosedError

from tests.live.conftest import Upstream, client_of, join
from tests.plugins.live_asgi_server import SERVERS, ServerDidNotStartError, StartServer

pytestmark = pytest.mark.live


@pytest.mark.parametrize("name", ["uvicorn", "granian"])
async def test_a_request_in_flight_is_finished(
    start_asgi_server: StartServer, slow_upstream: Upstream, name: str
) -> None:
    server = await start_asgi_server(name, EXTERNAL_API_URL=slow_upstream.url)
    async with client_of(server) as client:
        request = asyncio.create_task(client.get("/api/external/"))
        await slow_upstream.asked.wait()

        server.process.terminate()
        await server.until_logged("Shutting down")
        slow_upstream.may_answer.set()

        assert (await request).json() == {"up": True}


async def test_daphne_drops_a_request_in_flight(
    start_asgi_server: StartServer, slow_upstream: Upstream
) -> None:
    server = await start_asgi_server("daphne", EXTERNAL_API_URL=slow_upstream.url)
    async with client_of(server) as client:
        request = asyncio.create_task(client.get("/api/external/"))
        await slow_upstream.asked.wait()

        server.process.terminate()

        with pytest.raises(httpx2.TransportError):
            await request


@pytest.mark.parametrize(
    ("name", "close_code"),
    [("uvicorn", 1012), ("daphne", 1006), ("granian", 1006)],
    ids=["uvicorn says that it restarts", "daphne drops", "granian drops"],
)
async def test_an_open_socket_is_closed(
    start_asgi_server: StartServer, room: str, name: str, close_code: int
) -> None:
    server = await start_asgi_server(name)
    async with join(server, room) as socket:
        await server.stop()

        with pytest.raises(ConnectionClosedError):
            await socket.recv()

    assert socket.close_code == close_code


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("variable", ["SECRET_KEY", "ALLOWED_HOSTS"])
async def test_production_without_a_setting_does_not_start_and_says_which(
    start_asgi_server: StartServer, name: str, variable: str
) -> None:
    with pytest.raises(ServerDidNotStartError, match=f"set the environment variable {variable}"):
        await start_asgi_server(name, **{variable: None})
