"""Test when a room is subscribed to: with the first who comes, until the last has left.

Look at what the layer is asked for, and let somebody come while the last one leaves. The trap is
that moment: whoever joins what is about to end sits in a room to which nothing is said any more.
Code: chat/hub.py
"""

import asyncio
import json
from collections.abc import AsyncIterator
from unittest.mock import AsyncMock

import pytest
from channels.layers import get_channel_layer
from pytest_django import Settings
from pytest_mock import MockerFixture

from chat.history import store
from chat.hub import LocalRoom
from chat.outbox import Outbox

pytestmark = pytest.mark.django_db


def window() -> Outbox:
    """Return somebody's socket, as the room sees it."""
    return Outbox(AsyncMock())


@pytest.fixture
async def there(settings: Settings) -> AsyncIterator[LocalRoom]:
    """The room in another process, and somebody in it; the next beat comes in an hour."""
    settings.CHAT_BEAT = 3600
    room, somebody = LocalRoom("lobby"), window()
    await room.join(somebody)
    yield room
    await room.leave(somebody)


async def test_many_in_a_room_are_one_subscription(mocker: MockerFixture) -> None:
    group_add = mocker.spy(get_channel_layer(), "group_add")
    room, ada, grace = LocalRoom("lobby"), window(), window()

    await asyncio.gather(room.join(ada), room.join(grace))

    group_add.assert_awaited_once_with("room_lobby", mocker.ANY)
    await room.leave(ada)
    await room.leave(grace)


async def test_the_last_to_leave_ends_the_subscription(mocker: MockerFixture) -> None:
    group_discard = mocker.spy(get_channel_layer(), "group_discard")
    room, ada, grace = LocalRoom("lobby"), window(), window()
    await room.join(ada)
    await room.join(grace)
    tasks = room.tasks

    await room.leave(ada)
    assert group_discard.await_count == 0
    await room.leave(grace)

    group_discard.assert_awaited_once_with("room_lobby", room.channel)
    assert all(task.done() for task in tasks)


async def test_who_comes_while_the_last_one_leaves_hears_the_others(there: LocalRoom) -> None:
    room, ada, grace = LocalRoom("lobby"), window(), window()
    await room.join(ada)

    await asyncio.gather(room.leave(ada), room.join(grace))

    frame = await store("lobby", "Hello!", key="k")
    await there.publish(frame)

    assert await grace.queue.get() == (1, json.dumps(frame))
    await room.leave(grace)


async def test_a_room_that_was_left_can_be_entered_again(there: LocalRoom) -> None:
    room, ada = LocalRoom("lobby"), window()
    await room.join(ada)
    await room.leave(ada)
    await room.join(ada)

    frame = await store("lobby", "Hello!", key="k")
    await there.publish(frame)

    assert await ada.queue.get() == (1, json.dumps(frame))
    await room.leave(ada)
