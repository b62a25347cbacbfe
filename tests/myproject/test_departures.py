"""Answer a client that has left.

Use this to keep the log for what is wrong: a client may go at any time, and a traceback for each
hides the others. The trap is a stream, which must be closed when its reader leaves: an error that
nobody catches leaves the generator to the garbage collector.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from django.core.asgi import get_asgi_application
from django.core.signals import request_finished
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from myproject.departures import ClientGoneError, DepartureMiddleware

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/stream/",
    "query_string": b"",
    "headers": [(b"host", b"testserver")],
}
CLOSED = "unable to perform operation on <TCPTransport closed=True>; the handler is closed"


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Stream without end."""

    async def parts() -> AsyncIterator[str]:
        while True:
            yield "part"

    return StreamingHttpResponse(parts())


urlpatterns = [path("stream/", stream)]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("error", [RuntimeError(CLOSED), ConnectionResetError()])
async def test_a_stream_ends_quietly_when_its_reader_has_left(error: Exception) -> None:
    finished: list[object] = []
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    incoming.put_nowait({"type": "http.request"})

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            raise error

    def note(**signal: object) -> None:
        finished.append(signal["sender"])

    request_finished.connect(note)
    await DepartureMiddleware(get_asgi_application())(dict(SCOPE), incoming.get, send)
    request_finished.disconnect(note)

    assert len(finished) == 1


async def send_one(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start"})


async def test_an_application_that_does_not_notice_is_ended_quietly() -> None:
    ended: list[bool] = []

    async def send_and_end(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send_one(scope, receive, send)
        finally:
            ended.append(True)

    async def send(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    await DepartureMiddleware(send_and_end)({}, None, send)

    assert ended == [True]


async def test_an_application_that_notices_can_see_why() -> None:
    error = ConnectionResetError("gone")

    async def send_and_look(scope: Any, receive: Any, send: Any) -> None:
        with pytest.raises(ClientGoneError) as raised:
            await send_one(scope, receive, send)
        assert raised.value.__cause__ is error

    async def send(message: dict[str, Any]) -> None:
        raise error

    await DepartureMiddleware(send_and_look)({}, None, send)


@pytest.mark.parametrize("error", [RuntimeError("out of order"), ZeroDivisionError()])
async def test_another_error_is_still_an_error(error: Exception) -> None:
    async def send(message: dict[str, Any]) -> None:
        raise error

    with pytest.raises(type(error)):
        await DepartureMiddleware(send_one)({}, None, send)


async def test_a_server_that_cancels_a_request_sees_it_cancelled() -> None:
    async def wait(scope: Any, receive: Any, send: Any) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(DepartureMiddleware(wait)({}, None, None))


async def test_an_error_on_the_way_out_is_still_an_error() -> None:
    async def send_and_fail(scope: Any, receive: Any, send: Any) -> None:
        with pytest.raises(ClientGoneError):
            await send_one(scope, receive, send)
        raise ZeroDivisionError

    async def send(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    with pytest.raises(ZeroDivisionError):
        await DepartureMiddleware(send_and_fail)({}, None, send)
