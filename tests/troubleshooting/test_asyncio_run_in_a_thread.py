"""``asyncio.run`` in sync code that a coroutine waits for.

The coroutine holds the one thread of ``sync_to_async`` until the sync code is done. That starts a
second event loop, whose own ``sync_to_async`` (every ORM call is one) would wait for the same
thread: asgiref refuses. ``async_to_sync`` goes back to the first loop and lends it the thread.

Message: RuntimeError: Single thread executor already being used, would deadlock
Cure: `async_to_sync(function)()` instead of `asyncio.run(function())`
Seen on: asgiref 3.13.0, Python 3.11 and 3.13
Upstream: https://github.com/django/asgiref/issues/323
"""

import asyncio

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db


async def count_groups() -> int:
    return await Group.objects.acount()


async def test_a_second_loop_is_refused() -> None:
    def view() -> int:
        return asyncio.run(count_groups())

    with pytest.raises(RuntimeError, match="Single thread executor already being used"):
        await sync_to_async(view)()


async def test_async_to_sync_lends_the_thread() -> None:
    def view() -> int:
        return async_to_sync(count_groups)()

    assert await sync_to_async(view)() == 0
