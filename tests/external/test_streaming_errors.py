"""Test how a stream begins, and what is said when it cannot.

Use ``MockTransport`` with a function: it sees the request, and may fail, or keep silent, as it
likes. The trap is an error after the response has begun, when no status can tell of it any more:
so the stream is opened first, and answered after.
Code: external/streaming.py
"""

import asyncio

import httpx2
import pytest
from pytest_django import Settings

from external.api import ExternalApiError, ExternalApiTimeoutError
from external.streaming import ExternalStream


@pytest.fixture(autouse=True)
def _url(settings: Settings) -> None:
    settings.EXTERNAL_STREAM_URL = "http://api.example/events/"


async def test_the_upstream_is_asked_for_events_and_not_to_compress_them() -> None:
    requests: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return httpx2.Response(503)

    with pytest.raises(ExternalApiError):
        await ExternalStream(httpx2.MockTransport(answer)).open()

    assert requests[0].method == "GET"
    assert requests[0].url == "http://api.example/events/"
    assert requests[0].headers["Accept"] == "text/event-stream"
    assert requests[0].headers["Accept-Encoding"] == "identity"


async def test_silence_is_a_timeout(settings: Settings) -> None:
    settings.EXTERNAL_API_TIMEOUT = 0.05

    async def say_nothing(request: httpx2.Request) -> httpx2.Response:
        return await asyncio.Future()

    with pytest.raises(
        ExternalApiTimeoutError, match=r"^The outside API did not answer in time\.$"
    ) as raised:
        await ExternalStream(httpx2.MockTransport(say_nothing)).open()

    assert raised.value.__suppress_context__  # a `TimeoutError` of asyncio's explains nothing


async def test_a_defect_is_no_upstream_that_cannot_be_reached() -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ExternalStream(httpx2.MockTransport(fail)).open()


@pytest.mark.parametrize("url", ["", "http://api:port/"], ids=["none", "malformed"])
async def test_an_address_that_is_none_is_an_error(settings: Settings, url: str) -> None:
    settings.EXTERNAL_STREAM_URL = url
    streams = ExternalStream()

    words = r"^The outside API could not be reached\.$"
    with pytest.raises(ExternalApiError, match=words) as raised:
        await streams.open()

    assert isinstance(raised.value.__cause__, httpx2.HTTPError | httpx2.InvalidURL)
    await streams.aclose()
