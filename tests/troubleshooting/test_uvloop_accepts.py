"""On uvloop, new connections that wait behind busy ones.

uvloop accepts one connection in each turn of its loop, asyncio all that wait. Under load a turn
serves everybody who is connected, and takes long. A hundred clients who came at once to a server
with 0.8 ms of work for each request had their first answer after 0.7 s (median) to 1.5 s, and each
further one within 35 ms.

Message: none; the 99th percentile is ten times the median, and only new connections are slow
Cure: `uvicorn --loop asyncio`; or a proxy in front, which keeps its connections
Seen on: uvloop 0.23.0
Upstream: https://github.com/libuv/libuv/pull/3696
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import ExitStack

import uvloop

CLIENTS = 10


def turns_until_accepted(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> list[int]:
    """Return for each of some clients who came at once in which turn of the loop it got in."""
    turns: list[int] = []
    turn = 0

    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            turns.append(turn)
            transport.close()

    async def serve(listener: socket.socket) -> None:
        nonlocal turn
        async with await asyncio.get_running_loop().create_server(Protocol, sock=listener):
            while len(turns) < CLIENTS:
                turn += 1
                await asyncio.sleep(0)

    with (
        socket.create_server(("127.0.0.1", 0), backlog=CLIENTS) as listener,
        ExitStack() as clients,
        asyncio.Runner(loop_factory=new_loop) as runner,
    ):
        for _ in range(CLIENTS):
            clients.enter_context(socket.create_connection(listener.getsockname()))
        runner.run(serve(listener))
    return turns


def test_uvloop_lets_in_one_client_a_turn() -> None:
    assert len(set(turns_until_accepted(uvloop.new_event_loop))) == CLIENTS


def test_asyncio_lets_in_all_who_wait() -> None:
    assert len(set(turns_until_accepted(asyncio.new_event_loop))) == 1
