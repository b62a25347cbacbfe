"""Test what a WebSocket's client reads during an outage.

Use this to promise close code 1013, "try again later", in time. The traps: left alone, an error of
the database or the channel layer kills the socket with a traceback in the log; and one that is
silent keeps the client waiting for its handshake.
Code: myproject/outages.py
"""

import asyncio
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.db import OperationalError
from pytest_django import Settings
from pytest_mock import MockerFixture

from myproject.outages import Message, Receive, Send, WebSocketOutageMiddleware


class LayerError(Exception):
    """What the channel layer raises when it is away."""


def broken(error: Exception, *first: dict[str, Any]) -> WebsocketCommunicator:
    """Return a client of an application that sends these messages, and then fails."""

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        for message in first:
            await send(message)
        raise error

    return WebsocketCommunicator(WebSocketOutageMiddleware(application, (LayerError,)), "/ws/")


@pytest.mark.parametrize(
    "error",
    [LayerError("away"), OperationalError("away")],
    ids=["channel layer", "database"],
)
async def test_a_socket_that_cannot_join_is_told_to_try_again(
    caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    socket = broken(error)

    connected, _ = await socket.connect()

    assert connected
    assert await socket.receive_output() == {"type": "websocket.close", "code": 1013}
    assert caplog.messages == [f"The socket /ws/ was closed: {type(error).__name__}: away"]


async def test_an_open_socket_is_told_to_try_again_too() -> None:
    socket = broken(LayerError("away"), {"type": "websocket.accept"})

    await socket.connect()

    assert await socket.receive_output() == {"type": "websocket.close", "code": 1013}


async def test_another_error_of_a_socket_is_left_to_the_server() -> None:
    socket = broken(ZeroDivisionError())

    # Not `connect()`: it would wait its whole second for an answer before it looked.
    await socket.send_input({"type": "websocket.connect"})
    with pytest.raises(ZeroDivisionError):
        await socket.wait()


async def test_who_has_had_no_handshake_for_long_is_told_to_try_again(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.DATABASE_SILENCE = 0.01

    async def silent(scope: Message, receive: Receive, send: Send) -> None:
        await asyncio.Event().wait()

    socket = WebsocketCommunicator(WebSocketOutageMiddleware(silent), "/ws/")

    assert await socket.connect() == (True, None)
    assert await socket.receive_output() == {"type": "websocket.close", "code": 1013}
    assert caplog.messages == ["The socket /ws/ was closed: TimeoutError: "]


async def test_long_is_twice_as_long_as_a_database_may_be_silent(
    settings: Settings, mocker: MockerFixture
) -> None:
    settings.DATABASE_SILENCE = 7.0
    timeout = mocker.spy(asyncio, "timeout")
    socket = broken(LayerError("away"))

    await socket.connect()

    assert mocker.call(14.0) in timeout.call_args_list


async def test_who_has_had_one_may_be_silent(settings: Settings) -> None:
    settings.DATABASE_SILENCE = 0.01

    async def patient(scope: Message, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        limit_passed = asyncio.Event()
        asyncio.get_running_loop().call_later(2 * settings.DATABASE_SILENCE, limit_passed.set)
        await limit_passed.wait()
        await send({"type": "websocket.send", "text": "still here"})

    socket = WebsocketCommunicator(WebSocketOutageMiddleware(patient), "/ws/")
    await socket.connect()

    assert await socket.receive_from() == "still here"
    await socket.wait()
