"""Test that one reader who stops reading costs the server no memory, and nobody else a message.

Say more than the outbox and all buffers on the way hold, and compare what the server needs after a
little and after a lot of it. The trap is a server, or a layer, that keeps for each socket whatever
it has not read. Daphne does: all of it comes, and no buffer of the network holds so much.
Code: chat/outbox.py
"""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest

from tests.live.rooms import AT_ONCE, window
from tests.plugins.live_asgi_server import LiveServer, StartServer

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]

LONG = "\N{GRINNING FACE}" * 1990  # in JSON, 24 kilobytes
HAS_READ_ALL = 10**14  # who writes need not read what they wrote


async def say(server: LiveServer, room: str, times: int) -> None:
    """Say something long, again and again; a socket may say so much at once, and then another."""
    for _ in range(times // AT_ONCE):
        async with window(server, room, after=HAS_READ_ALL) as writer:
            for _ in range(AT_ONCE):
                await writer.send(message=LONG)
            for _ in range(AT_ONCE):
                await writer.until("id")


def resident(pid: int) -> float:
    """Return the megabytes that a process and those that it started have resident."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    kilobytes = int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split()[0])
    return kilobytes / 1000 + sum(resident(int(child)) for child in children)


async def memory(server: LiveServer) -> float:
    """Return how many the server has."""
    return await asyncio.to_thread(resident, server.process.pid)


@pytest.mark.parametrize("name", ["uvicorn", "granian"])
async def test_who_does_not_read_is_closed_and_costs_no_memory(
    start_asgi_server: StartServer, name: str
) -> None:
    server = await start_asgi_server(name)
    room = uuid4().hex
    async with window(server, room, buffer=2**18) as slow:
        await say(server, room, times=480)  # far behind, by now
        after_a_little = await memory(server)

        await say(server, room, times=400)  # ten megabytes more

        assert await memory(server) - after_a_little < 5
        assert await slow.close_code() == 4408


async def test_daphne_keeps_in_memory_what_nobody_reads(start_asgi_server: StartServer) -> None:
    server = await start_asgi_server("daphne")
    room = uuid4().hex
    async with window(server, room, buffer=2**18) as slow:
        await say(server, room, times=680)  # sixteen megabytes

        assert await slow.numbers(680) == list(range(1, 681))
