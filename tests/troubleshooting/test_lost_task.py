"""A task that nobody holds on to.

The event loop refers to its tasks weakly. One that waits for something only it knows may be
collected in mid-work, and the exception of one that failed is told to nobody: both end as a line in
the log of ``asyncio``, and the test passes.

Message: Task was destroyed but it is pending!
Message: Task exception was never retrieved
Cure: keep the task and await it, best in `async with asyncio.TaskGroup()`
Seen on: Python 3.11 and 3.13
Upstream: https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task
"""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any

import pytest


async def wait_for_ever() -> None:
    await asyncio.get_running_loop().create_future()


async def fail() -> None:
    raise LookupError("no such user")


async def start_and_forget(function: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.create_task(function())  # noqa: RUF006 - the trap
    await asyncio.sleep(0)
    gc.collect()


async def test_a_waiting_task_is_destroyed(caplog: pytest.LogCaptureFixture) -> None:
    await start_and_forget(wait_for_ever)

    assert "Task was destroyed but it is pending!" in caplog.text


async def test_the_exception_of_a_task_is_only_logged(caplog: pytest.LogCaptureFixture) -> None:
    await start_and_forget(fail)

    assert "Task exception was never retrieved" in caplog.text
    assert "no such user" in caplog.text


async def test_a_task_group_raises_it() -> None:
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail())

    assert caught.group_contains(LookupError, match="no such user")
