"""Test what a sender sees while the channel layer is away.

Use this so that nobody takes silence for success: a message that did not reach the layer is
answered with an error, in bounded time, and the socket stays open. The trap is the layer that
neither answers nor refuses.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from unittest.mock import AsyncMock

import pytest
from channels.testing import WebsocketCommunicator
from pytest_mock import MockerFixture
from redis.exceptions import ConnectionError as RedisConnectionError

from myproject.asgi import application


async def never(*args: Any) -> None:
    """Say nothing, as a network does that loses every packet."""
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    "group_send",
    [
        AsyncMock(side_effect=RedisConnectionError("refused")),
        AsyncMock(side_effect=ConnectionResetError("cut")),
        never,
    ],
    ids=["refuses", "is cut", "is silent"],
)
async def test_the_sender_is_told_and_may_try_again(
    mocker: MockerFixture, group_send: Callable[..., Awaitable[None]]
) -> None:
    mocker.patch("chat.layer.SECONDS", 0.01)
    socket = WebsocketCommunicator(
        application, "/ws/chat/lobby/", headers=[(b"origin", b"http://localhost")]
    )
    await socket.connect()
    outage = mocker.patch("chat.layer.get_channel_layer")
    outage.return_value.group_send = group_send

    await socket.send_json_to({"message": "Hello"})
    answer = await socket.receive_json_from()
    mocker.stopall()
    await socket.send_json_to({"message": "Hello again"})

    assert answer == {"error": "Your message was not sent. Try again."}
    assert await socket.receive_json_from() == {"message": "Hello again"}
    await socket.disconnect()
