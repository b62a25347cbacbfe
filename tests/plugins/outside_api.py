"""The outside API in tests: a real HTTP server that answers what the test tells it to.

Nobody outside is ever called. A server on 127.0.0.1 shows what a mock cannot: refused and dropped
connections, silence, connections that are kept and used again.

Needs: pytest-asyncio, pytest-django, stamina, httpx2, EXTERNAL_API_URL,
    EXTERNAL_API_TIMEOUT, EXTERNAL_API_CONNECTIONS, external/api.py, external/clients.py
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import stamina
from pytest_django import Settings

from external.api import external_api


@dataclass
class OutsideApi:
    """What the server answers, and what it has seen."""

    status: int = 200
    body: bytes = b'{"key": "value"}'
    drops: int = 0  # so many requests are dropped without an answer first
    silent: bool = False
    barrier: asyncio.Barrier | None = None  # no answer before so many have asked
    requests: int = 0
    connections: int = 0
    request_seen: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until the client closes it."""
        self.connections += 1
        try:
            while await reader.readline():
                await reader.readuntil(b"\r\n\r\n")
                self.requests += 1
                self.request_seen.set()
                if self.drops >= self.requests:
                    break
                if not self.silent:
                    if self.barrier:
                        await self.barrier.wait()
                    head = f"HTTP/1.1 {self.status} -\r\nContent-Length: {len(self.body)}\r\n\r\n"
                    writer.write(head.encode() + self.body)
        finally:
            writer.close()


@pytest.fixture
async def outside_api(settings: Settings) -> AsyncIterator[OutsideApi]:
    """Start the server, and point the application at it."""
    api = OutsideApi()
    server = await asyncio.start_server(api.serve, "127.0.0.1")
    host, port = server.sockets[0].getsockname()
    settings.EXTERNAL_API_URL = f"http://{host}:{port}/"
    with stamina.set_testing(True, attempts=2, cap=True):  # tries again, without the wait
        yield api
    # The pool's connections belong to this test's event loop; the next test has another.
    await external_api.aclose()
    server.close()
    await server.wait_closed()
