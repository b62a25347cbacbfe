"""The mark of what an async test sets off.

While it runs, its function is wrapped: what it awaits and the tasks that it begins know their test.
The trap is a wrapper that changes what others find: it looks like the function, is gone afterwards,
and keeps no task alive.

Code: tests/plugins/leftovers.py
"""

from __future__ import annotations

import asyncio
import gc
from types import SimpleNamespace
from typing import Any
from weakref import WeakSet

import pytest

from tests.plugins.leftovers import born_in, pytest_runtest_call


async def test_what_a_test_sets_off_is_marked_as_long_as_it_runs_and_no_longer() -> None:
    born: list[object] = []

    async def body() -> None:
        born.append(born_in.get())

    item: Any = SimpleNamespace(obj=body, stash=pytest.Stash())
    before = born_in.get()
    hook = pytest_runtest_call(item)

    next(hook)
    await item.obj()
    assert (born, born_in.get()) == ([item], before)

    with pytest.raises(StopIteration):
        hook.send(None)
    assert item.obj is body


def test_what_others_keep_on_a_test_is_there_while_it_runs() -> None:
    async def body() -> None: ...

    body.retries = 3  # type: ignore[attr-defined]
    item: Any = SimpleNamespace(obj=body)
    hook = pytest_runtest_call(item)

    next(hook)

    assert item.obj is not body
    assert (item.obj.__name__, item.obj.retries) == ("body", 3)


def test_no_task_is_kept_alive() -> None:
    tasks: WeakSet[asyncio.Task[None]] = WeakSet()

    async def body() -> None:
        tasks.add(asyncio.create_task(asyncio.sleep(0)))

    item: Any = SimpleNamespace(obj=body, stash=pytest.Stash())
    hook = pytest_runtest_call(item)
    next(hook)

    asyncio.run(item.obj())
    gc.collect()

    assert not tasks
