"""A connection that outlives the event loop of its test.

A pooled client, of HTTP, Redis or a database, made once for the process, keeps the connection of
the first test. The second test has another loop; to drop the old connection means to call the old
loop, which is closed.

Message: RuntimeError: Event loop is closed
Message: ResourceWarning: unclosed transport
Cure: close the client at the end of each test, in a fixture on the test's own loop
Seen on: httpx2 2.16.2, Python 3.11 and 3.13
Upstream: https://github.com/pydantic/httpx2/issues/728
"""

import asyncio
import gc
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx2
import pytest


class Api(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep silent: a client that vanishes is what this page is about."""


@pytest.fixture
def url() -> Iterator[str]:
    with Server(("127.0.0.1", 0), Api) as server:
        thread = Thread(target=server.serve_forever, args=[0.01])
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


async def first_test(url: str) -> httpx2.AsyncClient:
    client = httpx2.AsyncClient()
    await client.get(url)
    return client


async def first_test_that_closes(url: str) -> None:
    async with httpx2.AsyncClient() as client:
        await client.get(url)


async def test_the_second_test_meets_the_closed_loop_of_the_first(url: str) -> None:
    client = await asyncio.to_thread(asyncio.run, first_test(url))

    with pytest.raises(RuntimeError, match="Event loop is closed"):
        await client.get(url)

    del client
    with pytest.warns(ResourceWarning, match="unclosed"):
        gc.collect()


async def test_after_a_test_that_closes_its_client_the_second_works(url: str) -> None:
    await asyncio.to_thread(asyncio.run, first_test_that_closes(url))

    async with httpx2.AsyncClient() as client:
        assert (await client.get(url)).status_code == 204
