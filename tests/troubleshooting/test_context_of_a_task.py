"""A context variable set in a task, which the caller does not see.

A task runs in a copy of its caller's context, and so do ``gather``, a ``TaskGroup`` and
``asyncio.to_thread``: they see what the caller has set, and what they set stays with them. Only
``await`` without a task, and asgiref's ``sync_to_async``, give changes back.

Message: none; after the `await` the variable has the value of before
Told by: the function that sets it runs in `gather`, a task or `asyncio.to_thread`
Cure: return the value; or await the function itself
Seen on: asgiref 3.13.0, Python 3.11 and 3.13
Upstream: https://docs.python.org/3/library/contextvars.html#asyncio-support
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

import pytest
from asgiref.sync import sync_to_async

tenant = ContextVar("tenant", default="nobody")


def choose() -> None:
    tenant.set("ada")


async def achoose() -> None:
    tenant.set("ada")


async def choose_in_a_group() -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(achoose())


@pytest.mark.parametrize(
    "call",
    [
        lambda: asyncio.gather(achoose()),
        lambda: asyncio.create_task(achoose()),
        choose_in_a_group,
        lambda: asyncio.to_thread(choose),
    ],
    ids=["gather", "create_task", "TaskGroup", "to_thread"],
)
async def test_what_a_task_sets_stays_with_it(call: Callable[[], Awaitable[Any]]) -> None:
    await call()

    assert tenant.get() == "nobody"


@pytest.mark.parametrize("call", [achoose, sync_to_async(choose)], ids=["await", "sync_to_async"])
async def test_what_is_awaited_itself_gives_it_back(call: Callable[[], Awaitable[Any]]) -> None:
    await call()

    assert tenant.get() == "ada"
