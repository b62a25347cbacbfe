"""A frozen clock that stops the event loop.

freezegun freezes ``time.monotonic`` too, which is the loop's own clock: no ``asyncio.sleep`` ends,
no time limit is reached, and limits set before are over at once. Its ``real_asyncio=True`` frees
the loop, but not asgiref: a communicator's ``receive_nothing()`` still waits for ever. time-machine
leaves the monotonic clock alone.

Message: none; the test hangs, or an empty TimeoutError comes at once
Cure: `time_machine.travel(…, tick=False)`; else `real_asyncio=True, ignore=["asgiref"]`
Seen on: freezegun 1.5.5, time-machine 3.6.0, asgiref 3.13.0, Python 3.11 and 3.13
Upstream: https://github.com/spulec/freezegun/issues/437
"""

import asyncio
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.utils import timezone
from freezegun import freeze_time

NEW_YEAR = datetime(2030, 1, 1, tzinfo=UTC)


async def nothing_comes() -> Any:
    communicator: Any = WebsocketCommunicator(AsyncWebsocketConsumer.as_asgi(), "/")
    await communicator.connect()
    return await communicator.receive_nothing(timeout=0.01, interval=0.001)


async def test_freezegun_stops_the_clock_of_the_loop() -> None:
    loop = asyncio.get_running_loop()

    with freeze_time(NEW_YEAR) as clock:
        sleep = asyncio.create_task(asyncio.sleep(1))
        await asyncio.sleep(0)

        assert loop.time() == NEW_YEAR.timestamp()
        clock.tick(2)  # and now only does it end
        await sleep


async def test_a_time_limit_from_before_is_over_at_once() -> None:
    async def wait_for_ever() -> None:
        with freeze_time(NEW_YEAR):
            await asyncio.get_running_loop().create_future()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wait_for_ever(), timeout=3600)


async def test_with_real_asyncio_a_communicator_still_waits_for_ever() -> None:
    with freeze_time(NEW_YEAR, real_asyncio=True), pytest.raises(TimeoutError):
        await asyncio.wait_for(nothing_comes(), timeout=0.1)


@pytest.mark.parametrize(
    "frozen",
    [
        time_machine.travel(NEW_YEAR, tick=False),
        freeze_time(NEW_YEAR, real_asyncio=True, ignore=["asgiref"]),
    ],
    ids=["time-machine", "freezegun"],
)
async def test_cured_the_date_stands_and_the_loop_runs(frozen: AbstractContextManager[Any]) -> None:
    with frozen:
        await asyncio.sleep(0.001)

        assert await nothing_comes()
        assert timezone.now() == NEW_YEAR
        assert await sync_to_async(timezone.now)() == NEW_YEAR
