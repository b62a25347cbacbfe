"""What the live tests' servers and clients have in common."""

import asyncio
import json
import logging
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import httpcore2  # noqa: F401 - httpx2 would import it for the first client, in the event loop
import httpx2
import pytest
from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from tests.plugins.live_asgi_server import LiveServer
from tests.plugins.tcp_proxy import MakeProxy, TcpProxy

logger = logging.getLogger(__name__)

EMAIL = "ada@example.com"
PASSWORD = "correct horse battery staple"
# What takes more than one process takes Redis and PostgreSQL: see compose.yaml.
collect_ignore_glob = [] if settings.REDIS_URL else ["test_two_*", "test_faults_*"]

# Made once, and empty: to read the machine's certificates for each client would block the loop.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture(scope="session")
def live_server_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Run as in production, without a certificate."""
    return {
        "DEBUG": "false",
        "SECRET_KEY": uuid4().hex,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SECURE_SSL_REDIRECT": "false",
        "STATIC_ROOT": str(tmp_path_factory.mktemp("static")),
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }


@pytest.fixture(scope="session")
def live_server_commands() -> list[str]:
    """Do what a deployment does, and create somebody who may log in."""
    return [
        "collectstatic --noinput --verbosity 0",
        "migrate --verbosity 0",
        f"createsuperuser --noinput --verbosity 0 --email {EMAIL}",
    ]


def pytest_report_collectionfinish() -> list[str]:
    """Say what this run leaves out."""
    return [f"{pattern} need REDIS_URL, see compose.yaml" for pattern in collect_ignore_glob]


@pytest.fixture
def room() -> str:
    """The path of a room that no other test is in."""
    return f"/ws/chat/{uuid4().hex}/"


@pytest.fixture
async def client(live_asgi_server: LiveServer) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client with a pool of connections to the live server."""
    async with client_of(live_asgi_server) as client:
        yield client


def client_of(server: LiveServer) -> httpx2.AsyncClient:
    """Return an HTTP client for one server; close it."""
    return httpx2.AsyncClient(base_url=server.url, verify=NO_CERTIFICATES, timeout=15)


async def log_in(client: httpx2.AsyncClient) -> None:
    """Log in as a browser does: fetch the form, send it back with its CSRF token."""
    await client.get("/admin/login/")
    response = await client.post(
        "/admin/login/?next=/admin/",
        data={
            "username": EMAIL,
            "password": PASSWORD,
            "csrfmiddlewaretoken": client.cookies["csrftoken"],
        },
    )
    assert response.status_code == 302


def join(server: LiveServer, room: str, **headers: str) -> connect:
    """Join a room from a page of the server itself, as a browser would."""
    return connect(
        server.ws_url + room, origin=Origin(server.url), additional_headers=headers, proxy=None
    )


async def said(socket: ClientConnection) -> dict[str, str]:
    """Return the next frame."""
    frame: dict[str, str] = json.loads(await socket.recv())
    return frame


async def status_becomes(client: httpx2.AsyncClient, path: str, status: int) -> None:
    """Ask until the answer has this status."""
    while (await client.get(path)).status_code != status:  # noqa: ASYNC110 - another process
        await asyncio.sleep(0.02)


@asynccontextmanager
async def recovery(what: str, within: float) -> AsyncIterator[None]:
    """Fail if the block takes longer; `--log-cli-level=INFO` shows how many seconds it took."""
    start = time.perf_counter()
    async with asyncio.timeout(within):
        yield
    logger.info("%s after %.2f s", what, time.perf_counter() - start)


@dataclass
class Wire:
    """A proxy, and the address of its service with the proxy's port in it."""

    proxy: TcpProxy
    url: str


async def wire_to(url: str, tcp_proxy: MakeProxy) -> Wire:
    """Put a proxy before a service."""
    parts = urlsplit(url)
    proxy = await tcp_proxy(str(parts.hostname), int(parts.port or 0))
    login, at, _ = parts.netloc.rpartition("@")
    return Wire(proxy, parts._replace(netloc=f"{login}{at}127.0.0.1:{proxy.port}").geturl())


@pytest.fixture
async def redis(tcp_proxy: MakeProxy) -> Wire:
    """The wire to Redis."""
    return await wire_to(settings.REDIS_URL, tcp_proxy)


@pytest.fixture
async def database(tcp_proxy: MakeProxy, live_database_url: str) -> Wire:
    """The wire to PostgreSQL."""
    return await wire_to(live_database_url, tcp_proxy)


@dataclass
class Upstream:
    """An outside API that answers when it is told to."""

    url: str = ""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    calls: asyncio.Queue[None] = field(default_factory=asyncio.Queue)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        await reader.readuntil(b"\r\n\r\n")
        self.asked.set()
        self.calls.put_nowait(None)
        await self.may_answer.wait()
        writer.write(
            b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{"up": true}'
        )
        writer.close()


@pytest.fixture
async def slow_upstream() -> AsyncIterator[Upstream]:
    """An outside API, for ``EXTERNAL_API_URL``, that keeps silent until it may answer."""
    upstream = Upstream()
    async with await asyncio.start_server(upstream.serve, "127.0.0.1") as server:
        upstream.url = "http://127.0.0.1:{1}/".format(*server.sockets[0].getsockname())
        yield upstream
        upstream.may_answer.set()
