"""A new HTTP client for each outside call.

A client owns a pool of connections. One made in the view, by ``async with AsyncClient()``, opens a
connection (and for https builds a TLS context) for a single call. Keep one client per process.

Message: none; calls to an outside API are slow, and leave sockets in TIME_WAIT
Cure: one client for the process, closed when it ends; in tests, after each test
Seen on: httpx2 2.16.2
Upstream: https://www.python-httpx.org/advanced/clients/
"""

import asyncio
from collections.abc import AsyncIterator
from typing import NamedTuple

import httpx2
import pytest


class Api(NamedTuple):
    """An outside API, and the connections it was sent."""

    url: str
    connections: list[asyncio.StreamWriter]


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    await asyncio.to_thread(httpx2.AsyncHTTPTransport)  # the first one imports: that blocks
    connections = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        while await reader.readline():
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        yield Api(f"http://{host}:{port}/", connections)


async def fetch(url: str) -> None:
    async with httpx2.AsyncClient() as client:
        await client.get(url)


async def test_a_client_per_call_opens_a_connection_per_call(api: Api) -> None:
    await fetch(api.url)
    await fetch(api.url)

    assert len(api.connections) == 2


async def test_one_client_keeps_its_connection(api: Api) -> None:
    async with httpx2.AsyncClient() as client:
        await client.get(api.url)
        await client.get(api.url)

    assert len(api.connections) == 1
