"""Threads that take turns on one connection.

A lock belongs to a connection, and its limit to blocks in which nothing happens: not to a statement
that takes long, nor to work on another database. An error says who holds what, since when and
where.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

HEADER = """
import asyncio
import threading

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction

pytestmark = pytest.mark.django_db(databases=["default", "other"])
"""

TURNS = f'''{HEADER}
COUNT_FOR_LONG = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000)
    SELECT count(*) FROM n
"""

@transaction.atomic
def wait_for_a_thread_on_another_database():
    thread = threading.Thread(target=Group.objects.using("other").create, kwargs={{"name": "o"}})
    thread.start()
    thread.join()

async def test_a_block_on_one_database_is_no_obstacle_on_another():
    await sync_to_async(wait_for_a_thread_on_another_database)()
    assert await Group.objects.using("other").acount() == 1

async def test_a_statement_may_take_longer_than_the_limit():
    started = threading.Event()
    def tell(execute, *args):
        started.set()
        return execute(*args)
    def take_long():
        with connection.execute_wrapper(tell), connection.cursor() as cursor:
            cursor.execute(COUNT_FOR_LONG)
    statement = asyncio.create_task(asyncio.to_thread(take_long))
    await asyncio.to_thread(started.wait)
    assert await Group.objects.acount() == 0
    await statement

async def test_rows_are_read_in_chunks_while_others_write():
    await Group.objects.abulk_create([Group(name=f"{{n}}") for n in range(9)])
    beside = Group.objects.filter(name__startswith="beside")
    async for group in Group.objects.exclude(pk__in=beside).aiterator(chunk_size=3):
        await asyncio.to_thread(Group.objects.create, name=f"beside {{group}}")
        if await beside.acount() == 9:
            break
    assert await Group.objects.acount() == 18

def reopen():
    connection.close()
    connection.connect()
    assert Group.objects.count() == 1

async def test_a_connection_that_is_closed_and_opened_is_the_same():
    await Group.objects.acreate(name="before")
    await sync_to_async(reopen)()
    await asyncio.to_thread(reopen)

async def test_nothing_stays():
    assert await Group.objects.acount() == 0
    assert await Group.objects.using("other").acount() == 0
'''  # noqa: S608 - a test's own statement

ROWS = f"""{HEADER}
from concurrent.futures import ThreadPoolExecutor, wait

def test_rows_are_read_between_blocks_of_others():
    entered, release = threading.Event(), threading.Event()
    def hold_a_block():
        with transaction.atomic():
            entered.set()
            release.wait()
    with connection.cursor() as cursor, ThreadPoolExecutor(2) as pool:
        cursor.execute("SELECT 1")
        pool.submit(hold_a_block)
        entered.wait()
        rows = pool.submit(cursor.fetchall)
        assert not wait([rows], timeout=0.05).done
        release.set()
        assert [tuple(row) for row in rows.result()] == [(1,)]
"""

HELD = f"""{HEADER}
@transaction.atomic
def wait_for_another_thread():
    async_to_sync(asyncio.to_thread)(Group.objects.count)  # line 13

async def test_deadlock():
    await asyncio.gather(sync_to_async(wait_for_another_thread)(), return_exceptions=True)

def leave_a_block_open():
    transaction.atomic().__enter__()

async def test_block_of_a_thread_that_ended():
    await asyncio.to_thread(leave_a_block_open)
"""

COPY = f"""{HEADER}
def copy(started, release):
    with connection.cursor() as cursor, cursor.copy("COPY auth_group TO STDOUT") as rows:
        next(iter(rows))
        started.set()
        release.wait()
        return len(list(rows))

async def test_copy():
    await Group.objects.abulk_create([Group(name=f"{{n}}") for n in range(5000)])
    started, release = threading.Event(), threading.Event()
    copying = asyncio.create_task(asyncio.to_thread(copy, started, release))
    await asyncio.to_thread(started.wait)
    counting = asyncio.create_task(Group.objects.acount())
    await asyncio.wait([counting], timeout=0.05)
    release.set()
    assert await counting == 5000
    await copying

async def test_copy_that_is_never_read():
    await Group.objects.abulk_create([Group(name=f"{{n}}") for n in range(5000)])
    started, release = threading.Event(), threading.Event()
    copying = asyncio.create_task(asyncio.to_thread(copy, started, release))
    await asyncio.to_thread(started.wait)
    try:
        await Group.objects.acount()
    finally:
        release.set()
        await copying
"""


def test_threads_wait_for_work_however_long_and_for_nothing_else(
    any_database: str, inner_suite: InnerSuite
) -> None:
    result = inner_suite(TURNS, "-o", "rollback_lock_timeout=0.05", database=any_database)

    result.assert_outcomes(passed=5)


def test_a_cursor_is_not_read_amid_the_block_of_another_thread(
    any_database: str, inner_suite: InnerSuite
) -> None:
    result = inner_suite(ROWS, database=any_database)

    result.assert_outcomes(passed=1)


def test_a_block_that_rests_is_an_error_that_names_thread_time_and_lines(
    inner_suite: InnerSuite,
) -> None:
    result = inner_suite(HELD, "-o", "rollback_lock_timeout=0.05")

    result.assert_outcomes(failed=1, passed=1, errors=1)
    result.stdout.re_match_lines(
        [
            r".*Thread 'asyncio_0' waited 0\.05 s at .* for the test's connection 'default', "
            r"which 'ThreadPoolExecutor-\S+' has held in an atomic block for 0\.\d s, since .*; "
            r"it is now at .*test_inner\.py:13 in wait_for_another_thread\..*rollback_lock_timeout",
        ]
    )
    result.stdout.fnmatch_lines("*Thread 'MainThread' waited*which 'asyncio_0' has held*")


@pytest.mark.postgresql
def test_others_wait_for_the_end_of_a_copy(inner_suite: InnerSuite) -> None:
    result = inner_suite(COPY, "-o", "rollback_lock_timeout=0.5", database="postgresql")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines("*waited 0.5 s at*for the end of a COPY or a stream on 'default'*")
