"""How long one message takes to a thousand people (``uv run -m benchmarks.fan_out``).

Serves three things in turn, interleaved, each with so many sockets in one room: a bare broadcast
by the ``websockets`` library; the chat's rooms; and, with ``--all``, the consumer that is a member
of the layer's group. A round is one message; each socket's time is from before it is sent until
the socket has it. With REDIS_URL the layer is Redis, and who writes is on another process than
those who listen. It prints Markdown, ready to be pasted.

Then one client stops reading, while others go on: how far the server's memory grows.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

BARE = """
import asyncio, socket, sys
from websockets.asyncio.server import broadcast, serve
members = set()
async def handler(connection):
    members.add(connection)
    async for message in connection:
        broadcast(members, message)
async def main():
    async with serve(handler, sock=socket.socket(fileno=int(sys.argv[1])), compression=None):
        await asyncio.Event().wait()
asyncio.run(main())
"""
CHAT = """
import sys, uvicorn
from myproject.asgi import application
import chat.room_consumer
chat.room_consumer.PER_SECOND = 1_000_000  # how fast one may write is not what is measured
uvicorn.run(application, fd=int(sys.argv[1]), log_level="error", ws_per_message_deflate=False)
"""
PRODUCTION = {"DEBUG": "false", "SECRET_KEY": "of a benchmark", "ALLOWED_HOSTS": "127.0.0.1"}
REDIS = bool(os.environ.get("REDIS_URL"))
PATHS = {"bare": "/", "room": "/ws/rooms/hall/", "group": "/ws/chat/hall/"}


@asynccontextmanager
async def server(kind: str) -> AsyncIterator[tuple[str, int]]:
    """Start a server; yield its address, and its process id."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        fd = str(listener.fileno())
        code = BARE if kind == "bare" else CHAT
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, fd, pass_fds=[listener.fileno()]
        )
        yield "ws://{}:{}".format(*listener.getsockname()), process.pid
        process.kill()
        await process.wait()


async def joined(url: str, kind: str) -> ClientConnection:
    """Open a socket, and wait until it is in."""
    origin = Origin(url.replace("ws", "http", 1))
    client = await connect(
        url + PATHS[kind], origin=origin, compression=None, ping_interval=None, open_timeout=60
    )
    if kind == "room":
        await client.recv()
    return client


async def arrival(client: ClientConnection, text: str) -> float:
    """Return when this socket has read a text."""
    while json.loads(await client.recv()).get("message") != text:
        pass
    return time.perf_counter()


async def one_round(
    writer: ClientConnection, clients: list[ClientConnection], number: int
) -> list[float]:
    """Say something; return how many seconds it took to each socket."""
    text = f"message {number} {time.time_ns()}"
    arrivals = [asyncio.ensure_future(arrival(client, text)) for client in [*clients, writer]]
    await asyncio.sleep(0)
    start = time.perf_counter()
    await writer.send(json.dumps({"message": text}))
    *moments, _ = await asyncio.gather(*arrivals)
    return [moment - start for moment in moments]


async def fan_out(kinds: list[str], sockets: int, rounds: int) -> None:
    """Print the table of times."""
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    async with AsyncExitStack() as stack:
        rooms = {}
        for kind in kinds:
            url, _ = await stack.enter_async_context(server(kind))
            clients = [await joined(url, kind) for _ in range(sockets)]
            if REDIS and kind != "bare":
                url, _ = await stack.enter_async_context(server(kind))
            rooms[kind] = await joined(url, kind), clients
        for number in range(rounds + 2):
            for kind, (writer, clients) in rooms.items():
                took = await one_round(writer, clients, number)
                times[kind] += took if number >= 2 else []  # the first two warm up
    where = "through Redis, from another process" if REDIS else "in memory"
    print(f"{sockets} sockets, {rounds} rounds, {where}\n")
    print("| served by | p50 ms | to bare | p95 ms | to bare |")
    print("|---|--:|--:|--:|--:|")
    base = cut(times["bare"])
    for kind in kinds:
        p50, p95 = cut(times[kind])
        print(
            f"| {kind} | {p50 * 1000:.1f} | {p50 / base[0]:.2f}"
            f" | {p95 * 1000:.1f} | {p95 / base[1]:.2f} |"
        )


def cut(times: list[float]) -> tuple[float, float]:
    """Return p50 and p95."""
    percentiles = statistics.quantiles(times, n=100)
    return percentiles[49], percentiles[94]


async def slow_reader(messages: int) -> None:
    """Print how far memory grows while one client does not read."""
    text = "é" * 1980
    async with server("room") as (url, pid):
        slow, fast = await joined(url, "room"), await joined(url, "room")
        slow.transport.pause_reading()
        before = memory(pid)
        sent = 0
        for number in range(messages):
            await fast.send(json.dumps({"message": f"{number} {text}"}))
            while "message" not in json.loads(frame := await fast.recv()):
                pass
            sent += len(frame)
        grown = (memory(pid) - before) / 1e6
        print(f"\nA reader who did not read {sent / 1e6:.0f} MB: memory grew by {grown:.1f} MB,")
        slow.transport.resume_reading()
        with suppress(ConnectionClosed, TimeoutError):
            async with asyncio.timeout(60):  # so few messages may have fitted into the buffers
                async for _ in slow:
                    pass
        print(f"then closed with {slow.close_code} (1011: the server's own ping came first).")


def memory(pid: int) -> int:
    """Return the most memory that a process has had resident, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--messages", type=int, default=3000, help="for the reader who is slow")
    parser.add_argument("--all", action="store_true", help="also the consumer in the group")
    options = parser.parse_args()
    kinds = ["bare", "room", *(["group"] if options.all else [])]
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(PRODUCTION)
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3")
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, check=True)
        asyncio.run(fan_out(kinds, options.sockets, options.rounds))
        asyncio.run(slow_reader(options.messages))


if __name__ == "__main__":
    main()
