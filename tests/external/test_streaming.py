"""Test that a stream is passed on step by step, and closed when nobody reads it any more.

Use a list in which upstream, code and reader each note what they do: its order proves
back-pressure, without a clock. The trap is to look at the bytes alone, which are the same when the
code reads everything into memory first, and when it never hangs up.
Code: external/streaming.py, external/api.py, external/clients.py
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import httpx2
import pytest
from pytest_django import Settings

from external.api import ExternalApiError
from external.streaming import EventStream, ExternalStream

MakeStream = Callable[..., ExternalStream]


class Upstream(httpx2.AsyncByteStream):
    """The body of an upstream's answer: three events, each noted when it is asked for."""

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.error: Exception | None = None
        self.closed = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for number in (1, 2, 3):
            self.happened.append(f"asked for {number}")
            yield f"data: {number}\n\n".encode()
        if self.error:
            raise self.error

    async def aclose(self) -> None:
        self.happened.append("closed")
        self.closed.set()


@pytest.fixture
async def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
def make_stream(settings: Settings, upstream: Upstream) -> MakeStream:
    """Make a client whose API answers with ``upstream``, unless told otherwise."""
    settings.EXTERNAL_STREAM_URL = "http://api.example/events/"

    def make(status: int = 200, kind: str = "text/event-stream; charset=utf-8") -> ExternalStream:
        response = httpx2.Response(status, headers={"Content-Type": kind}, stream=upstream)
        return ExternalStream(httpx2.MockTransport(lambda _request: response))

    return make


async def test_an_event_is_asked_for_when_the_one_before_it_was_read(
    make_stream: MakeStream, upstream: Upstream
) -> None:
    async with aclosing(await make_stream().open()) as events:
        async for event in events:
            upstream.happened.append(f"read {event.decode().strip()}")

    assert upstream.happened == [
        "asked for 1",
        "read data: 1",
        "asked for 2",
        "read data: 2",
        "asked for 3",
        "read data: 3",
        "closed",
    ]


async def test_a_reader_who_stops_closes_the_upstream(
    make_stream: MakeStream, upstream: Upstream
) -> None:
    async with aclosing(await make_stream().open()) as events:
        await anext(events)

    assert upstream.happened == ["asked for 1", "closed"]


async def test_a_response_that_is_left_closes_the_upstream(
    make_stream: MakeStream, upstream: Upstream
) -> None:
    response: Any = EventStream(await make_stream().open())

    async with aclosing(aiter(response)) as body:
        assert [await anext(body), await anext(body)] == [b"", b"data: 1\n\n"]

    assert upstream.happened == ["asked for 1", "closed"]


async def test_a_response_that_nobody_ever_reads_closes_the_upstream(
    make_stream: MakeStream, upstream: Upstream
) -> None:
    response = EventStream(await make_stream().open())

    del response

    await asyncio.wait_for(upstream.closed.wait(), timeout=1)
    assert upstream.happened == ["closed"]


async def test_an_upstream_that_breaks_off_ends_the_stream(
    make_stream: MakeStream, upstream: Upstream
) -> None:
    upstream.error = httpx2.ReadError("gone")

    events = [event async for event in await make_stream().open()]

    assert events == [b"data: 1\n\n", b"data: 2\n\n", b"data: 3\n\n"]


async def test_a_defect_is_no_upstream_that_breaks_off(
    make_stream: MakeStream, upstream: Upstream
) -> None:
    upstream.error = ZeroDivisionError()

    with pytest.raises(ZeroDivisionError):
        [event async for event in await make_stream().open()]


async def test_closing_closes_the_pool(make_stream: MakeStream) -> None:
    stream = make_stream()
    client = stream.clients.get()

    await stream.aclose()

    assert client.is_closed


async def test_the_response_is_one_that_nobody_keeps(make_stream: MakeStream) -> None:
    response = EventStream(await make_stream().open())

    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["X-Accel-Buffering"] == "no"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(503, "text/event-stream"), (204, "text/event-stream"), (200, "text/html"), (200, "")],
    ids=["error status", "nothing", "a page", "who knows what"],
)
async def test_an_answer_that_is_no_stream_of_events_is_an_error(
    make_stream: MakeStream, upstream: Upstream, status: int, kind: str
) -> None:
    with pytest.raises(ExternalApiError, match=r"^The outside API did not answer with events\.$"):
        await make_stream(status, kind).open()

    assert upstream.happened == ["closed"]
