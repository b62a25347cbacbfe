"""Test on every server what two hundred clients leave in the log that did not wait for an answer.

Break off many requests at different moments, while others are served, and read the server's own
log. The trap is a test of the application alone: each server has its own way to say that the client
has gone, and some have several.
Code: myproject/departures.py
"""

import asyncio
import socket
import struct

import pytest

from tests.live.conftest import client_of
from tests.plugins.live_asgi_server import SERVERS, LiveServer, StartServer

pytestmark = pytest.mark.live

AT_ONCE = struct.pack("ii", 1, 0)  # a reset, as from a machine on which the program has ended


async def ask_and_leave(server: LiveServer, path: str, after: float) -> None:
    """Ask for something, and be gone some seconds later."""
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    await writer.drain()
    await asyncio.sleep(after)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
    writer.transport.abort()


@pytest.mark.parametrize("name", SERVERS)
async def test_of_two_hundred_who_leave_the_log_has_no_traceback(
    start_asgi_server: StartServer, name: str
) -> None:
    server = await start_asgi_server(name)
    paths = ["/api/users/", "/admin/login/", "/api/external/", "/api/talks/1/changes/"] * 50

    await asyncio.gather(
        *(ask_and_leave(server, path, after=n / 200) for n, path in enumerate(paths))
    )

    async with client_of(server) as client:
        assert (await client.get("/api/users/")).status_code == 200
    log = await server.log()
    assert "Traceback" not in log
    assert "ERROR" not in log
