"""Lend threads: few, to one borrower at a time.

Use this to test a pool: let more borrowers meet at a barrier than there are threads, and the test
hangs unless there come more. The trap is a pool that grows with load: under load the processor is
what is missing, and more threads make all of them slower.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.db.backends.sqlite3.base import DatabaseWrapper
from pytest_mock import MockerFixture

from myproject.threads import Lease, Threads

MakeThreads = Callable[..., Threads]


@pytest.fixture
def make_threads(mocker: MockerFixture) -> Iterator[MakeThreads]:
    """Return a function that makes a pool; all of them end with the test."""
    made = []
    mocker.patch("myproject.threads.STALL", 0.001)

    def make(few: int, most: int) -> Threads:
        made.append(Threads("test", few, most))
        return made[-1]

    yield make
    for threads in made:
        end(threads)


def end(threads: Threads) -> None:
    """End a pool, and wait for it."""
    for thread in threads.close():
        thread.join(timeout=1)


async def do(lease: Lease, call: Callable[[], Any]) -> Any:
    """Do a call in a lease, as ``sync_to_async`` does."""
    return await asyncio.get_running_loop().run_in_executor(lease, call)


def name() -> str:
    return threading.current_thread().name


async def test_calls_of_one_lease_run_in_one_thread(make_threads: MakeThreads) -> None:
    lease = Lease(make_threads(few=4, most=4))

    names = [await do(lease, name) for _ in range(5)]
    lease.end()

    assert len(set(names)) == 1


async def test_two_leases_have_a_thread_each(make_threads: MakeThreads) -> None:
    threads = make_threads(few=2, most=2)
    one, other = Lease(threads), Lease(threads)

    names = [await do(one, name), await do(other, name), await do(one, name)]
    one.end()
    other.end()

    assert names == ["test-0", "test-1", "test-0"]


async def test_a_thread_that_is_given_back_is_lent_again(make_threads: MakeThreads) -> None:
    threads = make_threads(few=1, most=1)

    names = []
    for _ in range(3):
        lease = Lease(threads)
        names.append(await do(lease, name))
        lease.end()

    assert names == ["test-0"] * 3


async def test_who_came_first_is_served_first(make_threads: MakeThreads) -> None:
    threads = make_threads(few=1, most=1)
    served: list[int] = []
    first, *others = [Lease(threads) for _ in range(5)]
    await do(first, lambda: None)
    for number, lease in enumerate(others):
        lease.submit(served.append, number)
        lease.end()

    first.end()
    await asyncio.to_thread(end, threads)

    assert served == [0, 1, 2, 3]


async def test_while_the_queue_stands_still_there_come_more_threads(
    make_threads: MakeThreads,
) -> None:
    threads = make_threads(few=1, most=8)
    barrier = asyncio.Barrier(8)

    async def meet() -> str:
        lease = Lease(threads)
        thread = str(await do(lease, name))
        await barrier.wait()
        lease.end()
        return thread

    names = await asyncio.gather(*(meet() for _ in range(8)))

    assert len(set(names)) == 8


@pytest.mark.parametrize(
    ("used", "threads_now"), [(0.004, 1), (0.006, 0)], ids=["little to do", "busy"]
)
async def test_it_is_not_the_load_that_brings_more_threads(
    make_threads: MakeThreads, mocker: MockerFixture, used: float, threads_now: int
) -> None:
    threads = make_threads(few=0, most=1)
    mocker.patch("myproject.threads.monotonic", return_value=100.0)
    mocker.patch("myproject.threads.process_time", return_value=5.0)

    threads.watch(Lease(threads), until=101.0, since=99.99, cpu=5.0 - used)

    assert len(threads.alive) == threads_now


async def test_a_thread_too_many_goes_and_its_connections_with_it(
    make_threads: MakeThreads, mocker: MockerFixture
) -> None:
    mocker.patch("myproject.threads.STAY", 0)
    closed = threading.Event()
    mocker.patch("myproject.threads.connections.close_all", side_effect=closed.set)
    threads = make_threads(few=1, most=2)
    one, other = Lease(threads), Lease(threads)
    await do(one, name)
    await do(other, name)

    one.end()
    other.end()
    await asyncio.to_thread(closed.wait)

    assert len(threads.alive) == 1


async def test_who_waits_too_long_is_refused(
    make_threads: MakeThreads, mocker: MockerFixture
) -> None:
    threads = make_threads(few=1, most=1)
    holder, waiter = Lease(threads), Lease(threads)
    await do(holder, name)
    mocker.patch("myproject.threads.PATIENCE", 0)

    calls = await asyncio.gather(do(waiter, name), do(waiter, name), return_exceptions=True)

    assert [type(call) for call in calls] == [asyncio.CancelledError] * 2
    assert waiter.refused
    assert waiter.submit(name).cancelled()
    holder.end()
    waiter.end()


async def test_a_call_that_nobody_waits_for_is_not_done(make_threads: MakeThreads) -> None:
    threads = make_threads(few=1, most=1)
    done: list[str] = []
    holder, waiter = Lease(threads), Lease(threads)
    await do(holder, name)

    waiter.submit(done.append, "given up").cancel()
    last = waiter.submit(done.append, "waited for")
    holder.end()
    waiter.end()
    await asyncio.wrap_future(last)

    assert done == ["waited for"]


async def test_a_call_that_has_begun_keeps_its_thread_to_its_end(
    make_threads: MakeThreads,
) -> None:
    threads = make_threads(few=1, most=1)
    done: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait()
        done.append("the one that was given up")

    given_up, other = Lease(threads), Lease(threads)
    given_up.submit(slow)
    await asyncio.to_thread(begun.wait)
    given_up.end()
    last = other.submit(done.append, "the next")
    go_on.set()
    await asyncio.wrap_future(last)
    other.end()

    assert done == ["the one that was given up", "the next"]


async def test_who_rests_has_a_thread_again_with_the_next_call(make_threads: MakeThreads) -> None:
    threads = make_threads(few=1, most=1)
    resting, other = Lease(threads), Lease(threads)
    await do(resting, name)

    resting.rest()

    assert await do(other, name) == "test-0"
    other.end()
    assert await do(resting, name) == "test-0"
    resting.end()


async def test_who_rests_is_first_done_with_what_there_is_to_do(make_threads: MakeThreads) -> None:
    threads = make_threads(few=1, most=1)
    done: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        begun.set()
        go_on.wait()

    resting, other = Lease(threads), Lease(threads)
    resting.submit(slow)
    await asyncio.to_thread(begun.wait)
    last = other.submit(done.append, "the other's")

    resting.rest()
    resting.submit(done.append, "what came meanwhile")
    resting.rest()
    go_on.set()
    await asyncio.wrap_future(last)
    other.end()

    assert done == ["what came meanwhile", "the other's"]


async def test_who_waits_for_a_thread_has_none_to_give_back(make_threads: MakeThreads) -> None:
    threads = make_threads(few=1, most=1)
    holder, waiter = Lease(threads), Lease(threads)
    await do(holder, name)
    call = waiter.submit(name)

    waiter.rest()
    holder.end()

    assert await asyncio.wrap_future(call) == "test-0"
    waiter.end()


async def test_who_rests_may_end(make_threads: MakeThreads) -> None:
    threads = make_threads(few=1, most=1)
    resting, other = Lease(threads), Lease(threads)
    await do(resting, name)
    resting.rest()
    await do(other, name)

    resting.end()

    assert await do(other, name) == "test-0"
    other.end()


async def test_an_error_belongs_to_the_caller(make_threads: MakeThreads) -> None:
    threads = make_threads(few=1, most=1)
    lease = Lease(threads)

    with pytest.raises(ZeroDivisionError):
        await do(lease, lambda: 1 / 0)

    assert await do(lease, name) == "test-0"
    lease.end()


@pytest.mark.django_db(transaction=True)
async def test_a_transaction_that_was_left_open_is_rolled_back(
    make_threads: MakeThreads, tmp_path: Path
) -> None:
    threads = make_threads(few=1, most=1)
    lease, other = Lease(threads), Lease(threads)
    file = tmp_path / "db.sqlite3"

    def leave_open() -> None:
        # A file, because Django closes no database in memory.
        connections["default"] = DatabaseWrapper(
            {**connection.settings_dict, "NAME": file, "OPTIONS": {}}
        )
        transaction.atomic().__enter__()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE never_committed (id)")

    await do(lease, leave_open)
    lease.end()

    assert await do(other, lambda: connection.in_atomic_block) is False
    assert await do(other, lambda: tables_of(file)) == []
    other.end()


def tables_of(file: Path) -> list[Any]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT name FROM sqlite_master").fetchall()
