"""Test what a room does while the layer or the database is away.

Let one call fail, and look at what people get: those in this process miss nothing, and the others
hear of it later. The trap is a background task that ends with the first error, so that the room is
deaf from then on.
Code: chat/hub.py
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from unittest.mock import AsyncMock

import pytest
from django.db import InterfaceError, OperationalError
from pytest_django import Settings
from pytest_mock import MockerFixture
from redis.exceptions import ConnectionError as RedisConnectionError

from chat.history import store
from chat.hub import LocalRoom, local_room
from chat.outbox import Outbox

pytestmark = pytest.mark.django_db


class Window(Outbox):
    """Somebody's socket; a test reads what waits in its outbox."""

    def __init__(self) -> None:
        super().__init__(AsyncMock())

    async def reads(self) -> str:
        item = await self.queue.get()
        return str(json.loads(item[1])["message"]) if item else ""


@pytest.fixture
async def joined() -> AsyncIterator[tuple[LocalRoom, Window]]:
    """A room, and somebody in it."""
    room, window = LocalRoom("lobby"), Window()
    await room.join(window)
    yield room, window
    await room.leave(window)


@pytest.mark.parametrize("error", [RedisConnectionError("refused"), TimeoutError("silent")])
async def test_without_the_layer_those_here_hear_it_and_the_log_says_so(
    joined: tuple[LocalRoom, Window],
    mocker: MockerFixture,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    room, window = joined
    tried = asyncio.Event()

    async def group_send(group: str, event: dict[str, Any]) -> None:
        if event["frame"]["id"] == 2:
            tried.set()
        raise error

    mocker.patch("chat.hub.group_send", group_send)

    await room.publish(await store("lobby", "Hello!", key="1"))
    await room.publish(await store("lobby", "Hello again!", key="2"))
    await tried.wait()

    assert [await window.reads(), await window.reads()] == ["Hello!", "Hello again!"]
    assert caplog.messages[0] == f"Others hear of a message in lobby later: {error!r}"


async def test_nobody_who_writes_waits_for_the_layer(
    joined: tuple[LocalRoom, Window], mocker: MockerFixture
) -> None:
    room, window = joined
    mocker.patch("chat.hub.group_send", side_effect=asyncio.Event().wait)
    room.news = asyncio.Queue(maxsize=1)

    for number in range(3):
        await room.publish(await store("lobby", f"message {number}", key=str(number)))

    assert [await window.reads() for _ in range(3)] == ["message 0", "message 1", "message 2"]
    assert room.news.full()


async def test_who_hears_nothing_reads_what_is_said_elsewhere_all_the_same(
    joined: tuple[LocalRoom, Window], mocker: MockerFixture, settings: Settings
) -> None:
    settings.CHAT_BEAT = 0.01
    mocker.patch("chat.heartbeat.group_send", side_effect=RedisConnectionError)
    room, window = joined
    room.presence.roster.patience = 0.02
    room.presence.changed.set()  # and so the next beat is not in two seconds

    for text in ("first", "second"):
        await store("lobby", text, key=text)
        assert await window.reads() == text


async def test_who_comes_meanwhile_is_refused_and_may_come_later(mocker: MockerFixture) -> None:
    room, window = LocalRoom("lobby"), Window()
    outage = mocker.patch.object(room.layer, "group_add", side_effect=RedisConnectionError)
    with pytest.raises(RedisConnectionError):
        await room.join(window)
    await room.leave(window)
    mocker.stop(outage)

    await room.join(window)

    assert window in room.outboxes
    await room.leave(window)


async def test_who_comes_while_it_is_silent_is_refused_in_time(mocker: MockerFixture) -> None:
    mocker.patch("chat.hub.SECONDS", 0.01)
    room = LocalRoom("lobby")
    never = asyncio.Event()

    async def group_add(*args: Any) -> None:
        await never.wait()

    mocker.patch.object(room.layer, "group_add", group_add)

    with pytest.raises(TimeoutError):
        await room.join(Window())


async def test_who_comes_while_the_layer_gives_no_channel_is_refused_in_time(
    mocker: MockerFixture,
) -> None:
    mocker.patch("chat.hub.SECONDS", 0.01)
    room = LocalRoom("lobby")
    mocker.patch.object(room.layer, "new_channel", asyncio.Event().wait)

    with pytest.raises(TimeoutError):
        await room.join(Window())


async def test_who_leaves_while_it_is_silent_has_left_in_time(mocker: MockerFixture) -> None:
    mocker.patch("chat.hub.SECONDS", 0.01)
    room, window = LocalRoom("lobby"), Window()
    await room.join(window)
    never = asyncio.Event()

    async def group_discard(*args: Any) -> None:
        await never.wait()

    mocker.patch.object(room.layer, "group_discard", group_discard)

    await room.leave(window)

    assert room.tasks == []


async def test_who_could_not_join_leaves_no_subscription_behind(mocker: MockerFixture) -> None:
    room = LocalRoom("lobby")
    group_discard = mocker.spy(room.layer, "group_discard")
    mocker.patch("chat.hub.last_number", side_effect=OperationalError("away"))

    with pytest.raises(OperationalError):
        await room.join(Window())

    group_discard.assert_awaited_once_with("room_lobby", room.channel)


async def test_who_leaves_meanwhile_leaves_nothing_behind(mocker: MockerFixture) -> None:
    room, window = LocalRoom("lobby"), Window()
    await room.join(window)
    tasks = room.tasks
    group_discard = mocker.patch.object(
        room.layer, "group_discard", side_effect=RedisConnectionError
    )
    mocker.patch("chat.heartbeat.group_send", side_effect=RedisConnectionError)

    await room.leave(window)

    group_discard.assert_awaited_once_with("room_lobby", room.channel)
    assert all(task.done() for task in tasks)


@pytest.mark.parametrize("error", [OperationalError("away"), InterfaceError("closed")])
async def test_what_cannot_be_read_now_comes_with_the_next_message(
    joined: tuple[LocalRoom, Window],
    mocker: MockerFixture,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    room, window = joined
    await store("lobby", "first", key="1")
    outage = mocker.patch("chat.hub.messages", side_effect=error)
    await room.publish(await store("lobby", "second", key="2"))
    mocker.stop(outage)

    await room.publish(await store("lobby", "third", key="3"))

    assert [await window.reads() for _ in range(3)] == ["first", "second", "third"]
    assert caplog.messages == [f"Messages in lobby are late: {error!r}"]


async def test_a_process_has_one_room_of_a_name() -> None:
    lobby, library = local_room("lobby"), local_room("library")

    assert local_room("lobby") is lobby
    assert (lobby.name, library.name) == ("lobby", "library")


async def test_a_defect_is_no_outage(
    joined: tuple[LocalRoom, Window], mocker: MockerFixture
) -> None:
    room, _ = joined
    await store("lobby", "first", key="1")
    frame = await store("lobby", "second", key="2")
    mocker.patch("chat.hub.messages", side_effect=ZeroDivisionError)

    with pytest.raises(ZeroDivisionError):
        await room.publish(frame)
