"""Test on every server that what the process opened is closed when it stops.

Use real servers: some speak ASGI's lifespan, daphne does not, and Django not either. The trap is a
test of the lifespan application alone: it is green where no server ever calls it.
Code: myproject/lifespan.py
"""

import pytest

from tests.live.conftest import client_of
from tests.plugins.live_asgi_server import SERVERS, StartServer

pytestmark = pytest.mark.live


@pytest.mark.parametrize("name", SERVERS)
async def test_a_server_that_stops_leaves_the_context(
    start_asgi_server: StartServer, name: str
) -> None:
    server = await start_asgi_server(name)
    async with client_of(server) as client:
        await client.get("/api/external/")
    assert "What was opened for this process is closed." not in await server.log()

    await server.stop()

    log = await server.log()
    assert log.count("What was opened for this process is closed.") == 1
    assert "Traceback" not in log
