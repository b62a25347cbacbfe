"""Stand in for an outside API with a server that a test tells what to answer.

Use it for what happens on the wire: refused, dropped and silent connections, and connections that
are kept. The trap is to mock the HTTP client: then no connection is ever opened, and none leaks.
"""

import asyncio
from collections.abc import Iterator

import httpx2
import pytest
import stamina
from django.conf import settings as django_settings

from external.api import ExternalApiError, external_api
from tests.plugins.outside_api import OutsideApi


def client() -> httpx2.AsyncClient:
    """Return a client of the API, whose answers are not those of the application."""
    return httpx2.AsyncClient(base_url=django_settings.EXTERNAL_API_URL, timeout=None)


@pytest.fixture(scope="module")
def addresses() -> Iterator[list[str]]:
    """The servers of these tests; in the end, none of them is there any more."""
    urls: list[str] = []
    yield urls
    for url in urls:
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(url)


@pytest.fixture(scope="module")
def earlier_clients() -> Iterator[list[httpx2.AsyncClient]]:
    """The application's clients in these tests; in the end, all of them are closed."""
    clients: list[httpx2.AsyncClient] = []
    yield clients
    assert [client.is_closed for client in clients] == [True] * len(clients)


async def test_it_answers_with_json_until_the_test_ends(
    outside_api: OutsideApi, addresses: list[str]
) -> None:
    addresses.append(django_settings.EXTERNAL_API_URL)

    async with client() as api:
        response = await api.get("/")

    assert (response.status_code, response.json()) == (200, {"key": "value"})


async def test_it_answers_what_it_is_told(outside_api: OutsideApi) -> None:
    outside_api.status, outside_api.body = 503, b"later"

    async with client() as api:
        response = await api.get("/")

    assert (response.status_code, response.content) == (503, b"later")


async def test_it_counts_requests_and_connections(outside_api: OutsideApi) -> None:
    assert not outside_api.request_seen.is_set()

    async with client() as api:
        await api.get("/")
        await api.get("/")

    assert (outside_api.requests, outside_api.connections) == (2, 1)
    assert outside_api.request_seen.is_set()


async def test_it_drops_as_many_requests_as_it_is_told(outside_api: OutsideApi) -> None:
    outside_api.drops = 1

    async with client() as api:
        with pytest.raises(httpx2.RemoteProtocolError):
            await api.get("/")
        response = await api.get("/")

    assert (response.status_code, outside_api.requests) == (200, 2)


async def test_it_is_silent_until_the_client_gives_up(outside_api: OutsideApi) -> None:
    outside_api.silent = True

    async with client() as api:
        request = asyncio.create_task(api.get("/"))
        await outside_api.request_seen.wait()

        assert not request.done()
        request.cancel()


async def test_it_answers_nobody_before_all_have_asked(outside_api: OutsideApi) -> None:
    barrier = outside_api.barrier = asyncio.Barrier(2)

    async with client() as api, asyncio.timeout(10):
        request = asyncio.create_task(api.get("/"))
        await outside_api.request_seen.wait()
        assert not request.done()
        await barrier.wait()  # as a second one, without whom the first would wait for ever

        assert (await request).status_code == 200


async def test_a_second_attempt_is_made_at_once_and_a_third_is_not(
    outside_api: OutsideApi, earlier_clients: list[httpx2.AsyncClient]
) -> None:
    assert stamina.is_testing()
    earlier_clients.append(external_api.clients.get())
    outside_api.drops = 9

    with pytest.raises(ExternalApiError):
        await external_api.fetch()

    assert outside_api.requests == 2


@pytest.mark.parametrize(("attempts", "made"), [(1, 1), (2, 2), (5, 2)])
async def test_nothing_is_tried_more_than_twice_nor_more_than_it_asks_for(
    outside_api: OutsideApi, attempts: int, made: int
) -> None:
    outside_api.drops = 9

    @stamina.retry(on=httpx2.HTTPError, attempts=attempts)
    async def ask() -> None:
        async with client() as api:
            await api.get("/")

    with pytest.raises(httpx2.RemoteProtocolError):
        await ask()

    assert outside_api.requests == made
