"""Test that two processes are one application.

Use this before the second process exists. Whatever a process keeps to itself (a channel layer in
memory, a session in a local cache, a dictionary in a module) works on one, and fails every other
time on two.
"""

import asyncio

import httpx2
import pytest

from tests.live.conftest import client_of, join, log_in
from tests.plugins.live_asgi_server import LiveServer, StartServer

pytestmark = pytest.mark.live


@pytest.fixture
async def servers(start_asgi_server: StartServer) -> tuple[LiveServer, LiveServer]:
    """Two processes over one database and one Redis; not even of the same kind."""
    return await asyncio.gather(start_asgi_server("uvicorn"), start_asgi_server("daphne"))


async def create_user(client: httpx2.AsyncClient, email: str) -> httpx2.Response:
    """Create somebody; for a client that is logged in."""
    return await client.post(
        "/api/drf/users/",
        json={"name": "Grace", "email": email},
        headers={"X-CSRFToken": client.cookies["csrftoken"]},
    )


async def test_a_message_reaches_those_who_are_connected_to_the_other(
    servers: tuple[LiveServer, LiveServer], room: str
) -> None:
    here, there = servers
    async with join(here, room) as alice, join(there, room) as bob:
        await alice.send('{"message": "Hello"}')

        assert await bob.recv() == '{"message": "Hello"}'


async def test_who_logged_in_at_one_is_logged_in_at_the_other(
    servers: tuple[LiveServer, LiveServer],
) -> None:
    here, there = servers
    async with client_of(here) as client, client_of(there) as same_browser:
        await log_in(client)

        same_browser.cookies = client.cookies

        assert (await create_user(same_browser, "grace@example.com")).status_code == 201


async def test_a_user_created_at_one_is_seen_at_the_other(
    servers: tuple[LiveServer, LiveServer],
) -> None:
    here, there = servers
    async with client_of(here) as client, client_of(there) as visitor:
        await log_in(client)

        grace = (await create_user(client, "grace@example.com")).json()

        assert (await visitor.get(f"/api/users/{grace['id']}/")).json()["name"] == "Grace"
