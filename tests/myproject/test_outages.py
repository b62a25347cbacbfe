"""Test what clients see during an outage.

Use this to promise them something: 503 with ``Retry-After`` over HTTP, close code 1013 over a
WebSocket. Left alone, an error of the database is a 500, and one of the channel layer kills the
socket with a traceback in the log.
"""

import logging
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.db import InterfaceError, OperationalError
from django.test import AsyncClient
from pytest_mock import MockerFixture
from redis.exceptions import ConnectionError as RedisConnectionError

from myproject.outages import Message, Receive, Send, WebSocketOutageMiddleware


@pytest.mark.parametrize(
    "error",
    [OperationalError("away\nIs it running?"), InterfaceError("away")],
    ids=["cannot connect", "was cut"],
)
@pytest.mark.parametrize("path", ["/api/users/1/", "/api/drf/users/1/"])
async def test_a_request_is_told_to_try_again_while_the_database_is_away(
    async_client: AsyncClient,
    mocker: MockerFixture,
    caplog: pytest.LogCaptureFixture,
    path: str,
    error: Exception,
) -> None:
    mocker.patch("users.services.UserService.get_user", side_effect=error)

    response = await async_client.get(path)

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert response.json() == {"detail": "The database cannot be reached. Try again."}
    assert f"{path} was not served: {type(error).__name__}: away" in caplog.messages


async def test_another_error_is_still_an_error(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    async_client.raise_request_exception = False
    mocker.patch("users.services.UserService.get_user", side_effect=ZeroDivisionError)

    response = await async_client.get("/api/users/1/")

    assert response.status_code == 500
    assert response.json() == {"detail": "Internal Server Error"}


def broken(error: Exception, *first: dict[str, Any]) -> WebsocketCommunicator:
    """Return a client of an application that sends these messages, and then fails."""

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        for message in first:
            await send(message)
        raise error

    return WebsocketCommunicator(WebSocketOutageMiddleware(application), "/ws/")


@pytest.mark.parametrize(
    "error",
    [RedisConnectionError("away"), ConnectionResetError("away"), OperationalError("away")],
    ids=["Redis", "network", "database"],
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
    socket = broken(RedisConnectionError("away"), {"type": "websocket.accept"})

    await socket.connect()

    assert await socket.receive_output() == {"type": "websocket.close", "code": 1013}


async def test_another_error_of_a_socket_is_left_to_the_server() -> None:
    socket = broken(ZeroDivisionError())

    # Not `connect()`: it would wait its whole second for an answer before it looked.
    await socket.send_input({"type": "websocket.connect"})
    with pytest.raises(ZeroDivisionError):
        await socket.wait()


def test_the_log_of_the_redis_layer_has_the_cause_instead_of_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("channels_redis.pubsub")

    logger.error("Unexpected exception", exc_info=RedisConnectionError("away"))
    logger.error("Something else")

    assert caplog.messages == ["Unexpected exception: ConnectionError: away", "Something else"]
    assert [record.exc_info for record in caplog.records] == [None, None]
