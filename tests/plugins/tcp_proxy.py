"""A wire that can be cut: a TCP proxy between the application and a service.

Faults are tested on the wire, not by stopping the service: that would take it from everybody else
on the machine, and can neither lose packets nor come back within a second. Copy this file and list
it in ``pytest_plugins``.

Needs: pytest-asyncio
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import pytest

MakeProxy = Callable[[str, int], Awaitable["TcpProxy"]]


class TcpProxy:
    """Pass bytes on, until told otherwise.

    Args:
        host: Where the service listens.
        port: The same.
    """

    delay: float  # seconds, for each piece of data; healing takes it back

    def __init__(self, host: str, port: int) -> None:
        self.target = host, port
        self.port = 0
        self._open = asyncio.Event()
        self._writers: list[asyncio.StreamWriter] = []
        self._serving: list[Any] = []  # tasks
        self._server: asyncio.Server | None = None

    async def heal(self) -> None:
        """Accept connections, on the same port as before, and pass bytes on at once."""
        self.delay = 0.0
        self._open.set()
        if self._server is None:
            self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    def black_hole(self) -> None:
        """Accept connections and bytes, and pass nothing on: what a lost route looks like."""
        self._open.clear()

    def cut(self) -> None:
        """Break every connection; new ones are accepted."""
        for writer in self._writers:
            writer.transport.abort()

    async def refuse(self) -> None:
        """Break every connection and accept no new one: what a stopped service looks like."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()

    async def close(self) -> None:
        """End, and let go of what the black hole holds."""
        await self.refuse()
        self._open.set()
        await asyncio.gather(*self._serving)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:  # it was accepted in the moment in which others were broken
            writer.transport.abort()
            return
        self._serving.append(asyncio.current_task())
        self._writers.append(writer)
        with suppress(OSError):
            server_reader, server_writer = await asyncio.open_connection(*self.target)
            self._writers.append(server_writer)
            await asyncio.gather(
                self._pass_on(reader, server_writer), self._pass_on(server_reader, writer)
            )
        writer.close()  # also where no service is there

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await asyncio.sleep(self.delay)
                await self._open.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@pytest.fixture
async def tcp_proxy() -> AsyncIterator[MakeProxy]:
    """Make proxies before services, given host and port; clients connect to the proxy's port."""

    async def make(host: str, port: int) -> TcpProxy:
        proxy = TcpProxy(host, port)
        await proxy.heal()
        stack.push_async_callback(proxy.close)
        return proxy

    async with AsyncExitStack() as stack:
        yield make
