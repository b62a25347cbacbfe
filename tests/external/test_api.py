"""Test the client for an outside HTTP API.

Use a real server on 127.0.0.1 for everything that happens on the wire, and httpx2's
``MockTransport`` where only the answer matters. The trap is a client per request: it opens a
connection each time, and under load that costs more than the API itself.
"""

import asyncio
from collections.abc import Callable

import httpx2
import pytest
from pytest_django import Settings

from external.api import ExternalApi, ExternalApiError, ExternalApiTimeoutError, external_api
from tests.plugins.outside_api import OutsideApi

pytestmark = pytest.mark.usefixtures("outside_api")


async def test_fetch_returns_the_json_object(outside_api: OutsideApi) -> None:
    assert await external_api.fetch() == {"key": "value"}


async def test_calls_one_after_another_share_a_connection(outside_api: OutsideApi) -> None:
    await external_api.fetch()
    await external_api.fetch()

    assert (outside_api.requests, outside_api.connections) == (2, 1)


async def test_a_closed_pool_opens_new_connections(outside_api: OutsideApi) -> None:
    await external_api.fetch()
    await external_api.aclose()
    await external_api.fetch()

    assert outside_api.connections == 2


async def test_a_connection_that_breaks_is_tried_again(outside_api: OutsideApi) -> None:
    outside_api.drops = 1

    assert await external_api.fetch() == {"key": "value"}
    assert outside_api.requests == 2


async def test_a_connection_that_keeps_breaking_is_an_error(outside_api: OutsideApi) -> None:
    outside_api.drops = 99

    with pytest.raises(ExternalApiError, match="could not be reached"):
        await external_api.fetch()

    assert outside_api.requests == 2


async def test_silence_is_a_timeout(outside_api: OutsideApi, settings: Settings) -> None:
    settings.EXTERNAL_API_TIMEOUT = 0.05
    outside_api.silent = True

    with pytest.raises(ExternalApiTimeoutError):
        await external_api.fetch()


async def test_a_port_where_nobody_listens_is_an_error(
    settings: Settings, unused_tcp_port: int
) -> None:
    settings.EXTERNAL_API_URL = f"http://127.0.0.1:{unused_tcp_port}/"

    with pytest.raises(ExternalApiError, match="could not be reached"):
        await external_api.fetch()


@pytest.mark.parametrize("url", ["", "nonsense", "http://[", "ftp://127.0.0.1/"])
async def test_an_address_that_is_none_is_an_error(settings: Settings, url: str) -> None:
    settings.EXTERNAL_API_URL = url

    with pytest.raises(ExternalApiError, match="could not be reached"):
        await external_api.fetch()


@pytest.mark.parametrize("status", [301, 404, 500, 503])
async def test_an_error_status_is_an_error_and_is_not_tried_again(
    outside_api: OutsideApi, status: int
) -> None:
    outside_api.status = status

    with pytest.raises(ExternalApiError, match=f"answered {status}"):
        await external_api.fetch()

    assert outside_api.requests == 1


@pytest.fixture
def answering(settings: Settings) -> Callable[[bytes], ExternalApi]:
    """Make a client whose API answers with a body; no server, no socket."""
    settings.EXTERNAL_API_URL = "http://api.example/"

    def make(body: bytes) -> ExternalApi:
        transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, content=body))
        return ExternalApi(transport)

    return make


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"", b'"\xff"', b"[" * 100_000, b"[]", b"null"],
    ids=["HTML", "nothing", "not UTF-8", "nested beyond reason", "a list", "null"],
)
async def test_an_answer_that_is_no_json_object_is_an_error(
    answering: Callable[[bytes], ExternalApi], body: bytes
) -> None:
    with pytest.raises(ExternalApiError, match=r"not (JSON|a JSON object)"):
        await answering(body).fetch()


async def test_a_cancelled_call_leaves_the_client_usable(outside_api: OutsideApi) -> None:
    outside_api.silent = True
    call = asyncio.create_task(external_api.fetch())
    await outside_api.request_seen.wait()
    call.cancel()
    outside_api.silent = False

    assert await external_api.fetch() == {"key": "value"}
