"""Test the client for an outside HTTP API.

Use a real server on 127.0.0.1 for everything that happens on the wire, and httpx2's
``MockTransport`` where only the answer matters. The trap is a client per request: it opens a
connection each time, and under load that costs more than the API itself.
"""

import asyncio
from collections.abc import Callable

import httpx2
import pytest
import stamina
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


@pytest.mark.parametrize(
    ("error", "times"),
    [(httpx2.ReadError, 2), (httpx2.RemoteProtocolError, 2), (httpx2.UnsupportedProtocol, 1)],
)
async def test_what_may_go_well_the_next_time_is_tried_twice(
    error: type[httpx2.HTTPError], times: int
) -> None:
    calls: list[httpx2.Request] = []

    def break_off(request: httpx2.Request) -> httpx2.Response:
        calls.append(request)
        raise error("as told")

    with (
        stamina.set_testing(True, attempts=99, cap=True),  # as often as in production
        pytest.raises(ExternalApiError, match="could not be reached"),
    ):
        await ExternalApi(httpx2.MockTransport(break_off)).fetch()

    assert len(calls) == times


async def test_silence_is_a_timeout(outside_api: OutsideApi, settings: Settings) -> None:
    settings.EXTERNAL_API_TIMEOUT = 0.05
    outside_api.silent = True

    with pytest.raises(
        ExternalApiTimeoutError, match=r"^The outside API did not answer in time.$"
    ) as raised:
        await external_api.fetch()

    assert raised.value.__suppress_context__  # a `TimeoutError` of asyncio's explains nothing


async def test_a_port_where_nobody_listens_is_an_error(
    settings: Settings, unused_tcp_port: int
) -> None:
    settings.EXTERNAL_API_URL = f"http://127.0.0.1:{unused_tcp_port}/"

    with pytest.raises(
        ExternalApiError, match=r"^The outside API could not be reached.$"
    ) as raised:
        await external_api.fetch()

    assert isinstance(raised.value.__cause__, httpx2.ConnectError)


@pytest.mark.parametrize("url", ["", "nonsense", "http://api:port/", "ftp://127.0.0.1/"])
async def test_an_address_that_is_none_is_an_error(settings: Settings, url: str) -> None:
    settings.EXTERNAL_API_URL = url

    with pytest.raises(ExternalApiError, match="could not be reached"):
        await external_api.fetch()


@pytest.mark.parametrize("status", [301, 404, 500, 503])
async def test_an_error_status_is_an_error_and_is_not_tried_again(
    outside_api: OutsideApi, status: int
) -> None:
    outside_api.status = status

    with pytest.raises(ExternalApiError, match=f"^The outside API answered {status}.$") as raised:
        await external_api.fetch()

    assert outside_api.requests == 1
    assert isinstance(raised.value.__cause__, httpx2.HTTPStatusError)  # the log has its address


@pytest.fixture
def answering(settings: Settings) -> Callable[[bytes], ExternalApi]:
    """Make a client whose API answers with a body; no server, no socket."""
    settings.EXTERNAL_API_URL = "http://api.example/"

    def make(body: bytes) -> ExternalApi:
        transport = httpx2.MockTransport(lambda _request: httpx2.Response(200, content=body))
        return ExternalApi(transport)

    return make


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"<html>", ValueError),
        (b"", ValueError),
        (b'"\xff"', ValueError),
        (b"[" * 100_000, RecursionError),
    ],
    ids=["HTML", "nothing", "not UTF-8", "nested beyond reason"],
)
async def test_an_answer_that_is_not_json_is_an_error(
    answering: Callable[[bytes], ExternalApi], body: bytes, cause: type[Exception]
) -> None:
    with pytest.raises(
        ExternalApiError, match=r"^The outside API's answer was not JSON.$"
    ) as raised:
        await answering(body).fetch()

    assert isinstance(raised.value.__cause__, cause)


@pytest.mark.parametrize("body", [b"[1]", b"null"], ids=["a list", "null"])
async def test_json_that_is_no_object_is_an_error(
    answering: Callable[[bytes], ExternalApi], body: bytes
) -> None:
    with pytest.raises(
        ExternalApiError, match=r"^The outside API's answer was not a JSON object.$"
    ):
        await answering(body).fetch()


async def test_a_defect_is_no_outside_api_that_fails() -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ExternalApi(httpx2.MockTransport(fail)).fetch()


async def test_a_cancelled_call_leaves_the_client_usable(outside_api: OutsideApi) -> None:
    outside_api.silent = True
    call = asyncio.create_task(external_api.fetch())
    await outside_api.request_seen.wait()
    call.cancel()
    outside_api.silent = False

    assert await external_api.fetch() == {"key": "value"}
