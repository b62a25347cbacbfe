"""One transaction for every thread.

Code under test also queries in threads of its own: through ``asyncio.to_thread``, in a pool, or in
the ``ThreadSensitiveContext`` that a real ASGI server opens. They all get the test's connection and
take turns, so rows are neither missing nor left behind.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    RunElsewhere = Callable[[Callable[[], Any]], Awaitable[Any]]

pytestmark = pytest.mark.django_db


async def in_the_loops_executor(function: Callable[[], Any], pool: Executor) -> Any:
    return await asyncio.to_thread(function)


async def in_a_pool(function: Callable[[], Any], pool: Executor) -> Any:
    return await asyncio.get_running_loop().run_in_executor(pool, function)


async def without_thread_sensitivity(function: Callable[[], Any], pool: Executor) -> Any:
    return await sync_to_async(function, thread_sensitive=False)()


async def in_a_thread_sensitive_context(function: Callable[[], Any], pool: Executor) -> Any:
    async with ThreadSensitiveContext():
        return await sync_to_async(function)()


async def in_a_context_with_an_executor(function: Callable[[], Any], pool: Executor) -> Any:
    async with ThreadSensitiveContext(executor=pool):
        return await sync_to_async(function)()


@pytest.fixture
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture(
    params=[
        in_the_loops_executor,
        in_a_pool,
        without_thread_sensitivity,
        in_a_thread_sensitive_context,
        in_a_context_with_an_executor,
    ],
    ids=lambda run: run.__name__,
)
def run_elsewhere(request: pytest.FixtureRequest, pool: Executor) -> RunElsewhere:
    """Each way to another thread in turn."""
    return partial(request.param, pool=pool)


async def test_another_thread_sees_the_rows_of_the_test(run_elsewhere: RunElsewhere) -> None:
    group = await Group.objects.acreate(name="test")

    assert await run_elsewhere(Group.objects.get) == group


async def test_the_test_sees_and_rolls_back_the_rows_of_another_thread(
    run_elsewhere: RunElsewhere,
) -> None:
    group = await run_elsewhere(lambda: Group.objects.create(name="elsewhere"))

    assert await Group.objects.aget() == group  # the only one, whichever test ran before


def test_a_plain_thread_of_a_sync_test_is_in_the_transaction() -> None:
    thread = threading.Thread(target=Group.objects.create, kwargs={"name": "thread"})

    thread.start()
    thread.join()

    assert Group.objects.get().name == "thread"


async def test_atomic_blocks_of_several_threads_succeed_and_fail_on_their_own() -> None:
    @transaction.atomic
    def create_two(number: int) -> None:
        Group.objects.create(name=f"own {number}")
        Group.objects.create(name=f"shared {number % 2}")

    results = await asyncio.gather(
        *(asyncio.to_thread(create_two, number) for number in range(10)), return_exceptions=True
    )

    assert [type(result) for result in results if result] == [IntegrityError] * 8
    assert await Group.objects.acount() == 4


@pytest.fixture
def open_block(db: None) -> Iterator[None]:
    with transaction.atomic():
        yield


async def test_a_block_that_a_fixture_holds_open_is_no_obstacle(open_block: None) -> None:
    group = await asyncio.to_thread(lambda: Group.objects.create(name="thread"))

    assert await Group.objects.aget() == group
