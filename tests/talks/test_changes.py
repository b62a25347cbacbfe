"""Test server-sent events that tell of changes: the first, many, none for long, and the end.

Use the generator with ``anext`` for what it yields. The traps: waiting for an event before the
stream is listening (so the first event says that it is), and a heartbeat by ``wait_for``, which
cancels the wait and with it, on some layers, the subscription.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from channels.layers import get_channel_layer
from pytest_django import Settings
from pytest_mock import MockerFixture

from talks import changes as module
from talks.changes import EventStream, announce, changes

LISTENING = "event: listening\ndata: {}\n\n"


@pytest.fixture
async def listener() -> AsyncIterator[AsyncGenerator[str]]:
    """Somebody who listens to talk 1, and has heard so."""
    async with aclosing(changes(1)) as events:
        assert await anext(events) == LISTENING
        yield events


async def test_a_change_is_an_event(listener: AsyncGenerator[str]) -> None:
    await announce(1, 7)

    assert await anext(listener) == 'event: seats\ndata: {"seats_left": 7}\n\n'


async def test_many_changes_come_in_their_order(listener: AsyncGenerator[str]) -> None:
    await announce(1, 2)
    await announce(1, 1)
    await announce(1, 0)

    heard = [await anext(listener) for _ in range(3)]

    assert [event[-3 - len("}") :][:-3] for event in heard] == ["2", "1", "0"]


async def test_everybody_hears_it() -> None:
    async with aclosing(changes(1)) as one, aclosing(changes(1)) as two:
        await asyncio.gather(anext(one), anext(two))

        await announce(1, 7)

        assert await anext(one) == await anext(two)


async def test_silence_is_broken_by_a_comment_and_nothing_is_lost_by_it(
    listener: AsyncGenerator[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEARTBEAT", 0.01)
    assert [await anext(listener) for _ in range(3)] == [": nothing new\n\n"] * 3

    await announce(1, 7)
    monkeypatch.setattr(module, "HEARTBEAT", 5)

    assert await anext(listener) == 'event: seats\ndata: {"seats_left": 7}\n\n'


async def test_the_changes_of_another_talk_are_not_heard(
    listener: AsyncGenerator[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "HEARTBEAT", 0.05)

    await announce(2, 7)

    assert await anext(listener) == ": nothing new\n\n"


@pytest.fixture
def layer(settings: Settings) -> Any:
    """The layer in memory, which can be asked for its groups."""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    return get_channel_layer()


async def test_who_listens_is_in_a_group_until_they_leave(layer: Any) -> None:
    async with aclosing(changes(1)) as events:
        await anext(events)
        assert list(layer.groups) == ["talk-1"]

    assert (layer.groups, layer.channels) == ({}, {})


async def test_nothing_waits_any_more_when_somebody_has_left(layer: Any) -> None:
    tasks = asyncio.all_tasks()

    async with aclosing(changes(1)) as events:
        await anext(events)

    assert asyncio.all_tasks() == tasks


async def test_a_layer_that_is_silent_is_a_timeout(
    mocker: MockerFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.01)

    async def say_nothing(group: str, message: Any) -> None:
        await asyncio.Future()

    mocker.patch.object(get_channel_layer(), "group_send", say_nothing)

    with pytest.raises(TimeoutError):
        await announce(1, 7)


async def test_a_response_that_is_left_closes_its_generator(
    listener: AsyncGenerator[str],
) -> None:
    response: Any = EventStream(listener)
    await announce(1, 7)

    async with aclosing(aiter(response)) as body:
        assert await anext(body) == b'event: seats\ndata: {"seats_left": 7}\n\n'

    with pytest.raises(StopAsyncIteration):
        await anext(listener)


async def test_the_response_is_a_stream_of_events_that_nobody_keeps() -> None:
    response = EventStream(changes(1))

    assert response.headers["Content-Type"] == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["X-Accel-Buffering"] == "no"
