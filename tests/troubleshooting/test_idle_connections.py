"""A pool of HTTP connections that grew once, and costs ever since.

Whenever a call begins or ends, the pool asks the system about each connection that is idle. If a
hundred calls were under way at once, each later call makes a hundred system calls before its own.
Limit how many idle ones are kept. (More calls at once than that may open connections anew.)

Message: none; after a peak, each call to an outside API takes more processor time than before it
Cure: `httpx2.Limits(max_connections=100, max_keepalive_connections=20)`
Seen on: httpx2 2.16.2
Upstream: https://github.com/encode/httpcore/pull/928
"""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from pytest_mock import MockerFixture

PEAK = 10


@pytest.fixture
async def api() -> AsyncIterator[str]:
    """Answer when so many have asked as come at the peak, and then everybody."""
    await asyncio.to_thread(httpx2.AsyncHTTPTransport)  # the first one imports: that blocks
    peak = asyncio.Barrier(PEAK)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await peak.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}/"


async def looks_of_a_call_after_the_peak(
    api: str, limits: httpx2.Limits, mocker: MockerFixture
) -> int:
    async with httpx2.AsyncClient(limits=limits) as client:
        await asyncio.gather(*(client.get(api) for _ in range(PEAK)))
        look = mocker.patch("httpcore2._backends.anyio.is_socket_readable", return_value=False)
        await client.get(api)
    return look.call_count


async def test_each_call_looks_at_all_connections_that_are_idle(
    api: str, mocker: MockerFixture
) -> None:
    limits = httpx2.Limits(max_connections=PEAK, max_keepalive_connections=PEAK)

    assert await looks_of_a_call_after_the_peak(api, limits, mocker) >= PEAK


async def test_with_a_limit_it_looks_at_few(api: str, mocker: MockerFixture) -> None:
    limits = httpx2.Limits(max_connections=PEAK, max_keepalive_connections=1)

    assert await looks_of_a_call_after_the_peak(api, limits, mocker) <= 2
