"""Test that each event loop has a pooled client of its own.

Use this for whatever holds connections for longer than a call. The trap is one client at module
level: its connections belong to the loop that opened them, so the second test that uses it fails
with "Event loop is closed", and a pool that grows without bound fails in production.
"""

import asyncio
import ssl

import httpx2
import pytest
from pytest_django import Settings
from pytest_mock import MockerFixture

from external.clients import Clients
from tests.plugins.outside_api import OutsideApi


@pytest.fixture
def clients() -> Clients:
    return Clients(2, httpx2.MockTransport(lambda _request: httpx2.Response(204)))


async def in_another_loop(clients: Clients) -> httpx2.AsyncClient:
    async def get() -> httpx2.AsyncClient:
        return clients.get()

    return await asyncio.to_thread(asyncio.run, get())


async def test_a_loop_keeps_its_client(clients: Clients) -> None:
    assert clients.get() is clients.get()


async def test_another_loop_has_another(clients: Clients) -> None:
    here = clients.get()

    assert await in_another_loop(clients) is not here
    assert clients.get() is here


async def test_the_client_of_a_closed_loop_is_forgotten(clients: Clients) -> None:
    await in_another_loop(clients)

    clients.get()

    assert list(clients.by_loop) == [asyncio.get_running_loop()]


async def test_closing_closes_and_the_next_call_has_a_new_client(clients: Clients) -> None:
    client = clients.get()

    await clients.aclose()

    assert client.is_closed
    assert not clients.get().is_closed


async def test_closing_what_was_never_used_does_nothing(clients: Clients) -> None:
    await clients.aclose()

    assert clients.by_loop == {}


async def test_no_more_connections_than_allowed_are_open_at_once(
    outside_api: OutsideApi, settings: Settings
) -> None:
    outside_api.barrier = asyncio.Barrier(2)
    clients = Clients(2)

    async with asyncio.timeout(5):
        await asyncio.gather(*(clients.get().get(settings.EXTERNAL_API_URL) for _ in range(8)))

    assert (outside_api.requests, outside_api.connections) == (8, 2)
    await clients.aclose()


async def test_few_connections_are_kept_for_later(
    outside_api: OutsideApi, settings: Settings, mocker: MockerFixture
) -> None:
    mocker.patch("external.clients.IDLE", 1)
    outside_api.barrier = asyncio.Barrier(4)
    clients = Clients(4)

    async def four_at_once() -> None:
        await asyncio.gather(*(clients.get().get(settings.EXTERNAL_API_URL) for _ in range(4)))

    async with asyncio.timeout(5):
        await four_at_once()
        await four_at_once()

    assert outside_api.connections == 4 + 3
    await clients.aclose()


async def test_the_client_has_no_time_limit_of_its_own(clients: Clients) -> None:
    assert clients.get().timeout == httpx2.Timeout(None)


async def test_making_a_client_reads_no_certificates(mocker: MockerFixture) -> None:
    read = mocker.patch("ssl.create_default_context", side_effect=ssl.create_default_context)
    clients = Clients(2)

    clients.get()

    read.assert_not_called()
    await clients.aclose()
