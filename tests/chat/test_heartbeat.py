"""Test a heartbeat: regular, at once when something changes, and through an outage.

Listen to the group as another process would, and shorten the beat instead of waiting for it. The
trap is a loop that one error ends: the task is gone, and nothing fails until people miss somebody.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.layers import get_channel_layer
from pytest_django import Settings
from pytest_mock import MockerFixture
from redis.exceptions import ConnectionError as RedisConnectionError

from chat.heartbeat import Heartbeat

BEAT_OF_ANOTHER = {"process": "there", "people": {"2": "Grace"}, "last": 0}


class Listener:
    """Another process, and what this one shows to its own people."""

    def __init__(self) -> None:
        self.shown: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.silent = asyncio.Event()
        self.heartbeat = Heartbeat(
            "g", "here", self.shown.put_nowait, lambda: 7, self.another_is_silent
        )
        self.layer = get_channel_layer()
        self.channel = ""

    async def another_is_silent(self) -> None:
        self.silent.set()

    async def hear(self) -> dict[str, Any]:
        event: dict[str, Any] = await self.layer.receive(self.channel)
        return event


@pytest.fixture
async def quiet() -> Listener:
    """A listener to a heart that does not beat yet."""
    listener = Listener()
    listener.channel = await listener.layer.new_channel()
    await listener.layer.group_add("g", listener.channel)
    return listener


@pytest.fixture
async def listener(quiet: Listener, settings: Settings) -> AsyncIterator[Listener]:
    """A listener who has heard the first beat; the next comes in an hour, or at once."""
    settings.CHAT_BEAT = 3600
    task = asyncio.create_task(quiet.heartbeat.beat())
    await quiet.hear()
    yield quiet
    task.cancel()
    await asyncio.wait([task])


async def test_who_enters_is_told_to_the_others_at_once(listener: Listener) -> None:
    listener.heartbeat.enter("1", "Ada")

    assert await listener.hear() == {
        "type": "room.beat",
        "process": "here",
        "people": {"1": "Ada"},
        "last": 7,
    }


async def test_who_enters_is_shown_here(quiet: Listener) -> None:
    quiet.heartbeat.enter("1", "Ada")

    assert quiet.shown.get_nowait() == {"here": {"1": "Ada"}, "left": []}


async def test_who_leaves_is_shown_and_told_at_once(listener: Listener) -> None:
    listener.heartbeat.enter("1", "Ada")
    await listener.hear()
    await listener.shown.get()

    listener.heartbeat.leave("1")

    assert listener.shown.get_nowait() == {"here": {}, "left": ["1"]}
    assert (await listener.hear())["people"] == {}


async def test_a_change_is_told_once(listener: Listener) -> None:
    listener.heartbeat.enter("1", "Ada")
    await listener.hear()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await listener.hear()


async def test_without_any_change_it_goes_on(quiet: Listener, settings: Settings) -> None:
    settings.CHAT_BEAT = 0.01
    task = asyncio.create_task(quiet.heartbeat.beat())

    beats = [await quiet.hear() for _ in range(3)]

    assert beats[0] == beats[1] == beats[2]
    task.cancel()


async def test_somebody_elsewhere_is_shown_here(quiet: Listener) -> None:
    quiet.heartbeat.hear(BEAT_OF_ANOTHER)

    assert quiet.shown.get_nowait() == {"here": {"2": "Grace"}, "left": []}


async def test_a_process_that_is_new_is_answered_at_once(listener: Listener) -> None:
    listener.heartbeat.hear(BEAT_OF_ANOTHER)

    assert (await listener.hear())["process"] == "here"


async def test_a_process_that_is_known_is_not(quiet: Listener) -> None:
    quiet.heartbeat.hear(BEAT_OF_ANOTHER)
    quiet.heartbeat.changed.clear()

    quiet.heartbeat.hear(BEAT_OF_ANOTHER)

    assert not quiet.heartbeat.changed.is_set()


async def test_the_people_of_one_that_was_killed_are_gone_after_a_while(
    quiet: Listener, settings: Settings
) -> None:
    settings.CHAT_BEAT = 0.01
    quiet.heartbeat.hear(BEAT_OF_ANOTHER)
    await quiet.shown.get()
    quiet.heartbeat.roster.heard["there"] -= quiet.heartbeat.roster.patience
    task = asyncio.create_task(quiet.heartbeat.beat())

    assert await quiet.shown.get() == {"here": {}, "left": ["2"]}
    task.cancel()


async def test_that_one_is_silent_is_told_though_nobody_was_there(
    quiet: Listener, settings: Settings
) -> None:
    settings.CHAT_BEAT = 0.01
    quiet.heartbeat.hear({**BEAT_OF_ANOTHER, "people": {}})
    quiet.heartbeat.roster.heard["there"] -= quiet.heartbeat.roster.patience
    task = asyncio.create_task(quiet.heartbeat.beat())

    await quiet.silent.wait()

    assert quiet.shown.empty()
    task.cancel()


async def test_one_that_is_heard_of_is_not_silent(quiet: Listener, settings: Settings) -> None:
    settings.CHAT_BEAT = 0.01
    quiet.heartbeat.hear(BEAT_OF_ANOTHER)
    task = asyncio.create_task(quiet.heartbeat.beat())

    for _ in range(3):
        await quiet.hear()

    assert not quiet.silent.is_set()
    task.cancel()


@pytest.fixture
def clock(mocker: MockerFixture) -> list[float]:
    """What time it is, in seconds; the heart gives itself up after six."""
    now = [0.0]
    mocker.patch("chat.heartbeat.monotonic", side_effect=lambda: now[0])
    return now


async def test_while_a_process_does_not_hear_itself_it_looks_for_more_with_each_beat(
    quiet: Listener, settings: Settings, clock: list[float]
) -> None:
    settings.CHAT_BEAT = 0.01
    task = asyncio.create_task(quiet.heartbeat.beat())
    await quiet.hear()
    clock[0] = 6.1

    for _ in range(3):
        await quiet.silent.wait()
        quiet.silent.clear()

    task.cancel()


@pytest.mark.parametrize(
    ("heard", "now"), [(0.0, 6.0), (5.0, 11.0)], ids=["not for a while", "now and then"]
)
async def test_a_process_that_hears_itself_does_not(
    quiet: Listener, settings: Settings, clock: list[float], heard: float, now: float
) -> None:
    settings.CHAT_BEAT = 0.01
    task = asyncio.create_task(quiet.heartbeat.beat())
    await quiet.hear()
    clock[0] = heard
    quiet.heartbeat.hear({"process": "here", "people": {"1": "Ada"}, "last": 0})
    clock[0] = now

    for _ in range(3):
        await quiet.hear()

    assert not quiet.silent.is_set()
    assert quiet.shown.empty()
    task.cancel()


async def test_those_who_are_here_outlast_any_silence(quiet: Listener, settings: Settings) -> None:
    settings.CHAT_BEAT = 0.01
    quiet.heartbeat.enter("1", "Ada")
    quiet.heartbeat.roster.heard["here"] -= 2 * quiet.heartbeat.roster.patience
    task = asyncio.create_task(quiet.heartbeat.beat())

    for _ in range(3):
        await quiet.hear()

    assert quiet.heartbeat.roster.everybody() == {"1": "Ada"}
    task.cancel()


async def test_an_outage_of_the_layer_does_not_stop_it(
    quiet: Listener, settings: Settings, mocker: MockerFixture
) -> None:
    settings.CHAT_BEAT = 0.01
    told = asyncio.Event()
    answers = iter([RedisConnectionError, OSError])

    async def group_send(group: str, event: dict[str, Any]) -> None:
        if error := next(answers, None):
            raise error
        told.set()

    mocker.patch("chat.heartbeat.group_send", group_send)
    task = asyncio.create_task(quiet.heartbeat.beat())

    await told.wait()

    assert not task.done()
    task.cancel()


async def test_three_beats_are_missed_before_anybody_is_given_up(settings: Settings) -> None:
    settings.CHAT_BEAT = 5.0

    assert Listener().heartbeat.roster.patience == 15.0


def test_who_was_killed_is_gone_within_seconds(settings: Settings) -> None:
    assert 1 <= settings.CHAT_BEAT <= 3
