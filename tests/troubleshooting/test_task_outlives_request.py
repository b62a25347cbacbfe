"""A task that outlives the request, or the sync code, that started it.

It inherits the context, and with it the place where its ``sync_to_async`` (every ORM call is one)
is to run: the thread of a caller who no longer waits, or of a request that has ended.

Message: RuntimeError: CurrentThreadExecutor already quit or is broken
Message: RuntimeError: ThreadSensitiveContext has exited
Cure: await the task before the end; or start it with `context=contextvars.Context()`
Seen on: asgiref 3.13.0, Python 3.11 and 3.13
Upstream: https://github.com/django/asgiref/issues/491
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

import pytest
from asgiref.sync import ThreadSensitiveContext, async_to_sync, sync_to_async

Tasks = list[asyncio.Task[int]]


async def start_task(tasks: Tasks, over: asyncio.Event, context: Context | None = None) -> None:
    async def work() -> int:
        await over.wait()
        return await sync_to_async(lambda: 42)()

    tasks.append(asyncio.create_task(work(), context=context))


async def test_a_task_cannot_use_the_thread_of_sync_code_that_has_ended() -> None:
    tasks: Tasks = []
    over = asyncio.Event()

    await sync_to_async(async_to_sync(start_task))(tasks, over)
    over.set()

    with pytest.raises(RuntimeError, match="CurrentThreadExecutor already quit or is broken"):
        await tasks[0]


async def test_a_task_cannot_use_the_thread_of_a_request_that_has_ended() -> None:
    tasks: Tasks = []
    over = asyncio.Event()

    with ThreadPoolExecutor() as executor:
        async with ThreadSensitiveContext(executor=executor):
            await start_task(tasks, over)
    over.set()

    with pytest.raises(RuntimeError, match="ThreadSensitiveContext has exited"):
        await tasks[0]


async def test_a_task_with_a_context_of_its_own_goes_on() -> None:
    tasks: Tasks = []
    over = asyncio.Event()

    await sync_to_async(async_to_sync(start_task))(tasks, over, Context())
    over.set()

    assert await tasks[0] == 42
