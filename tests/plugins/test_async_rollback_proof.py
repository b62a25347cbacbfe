"""The proof that async tests roll back.

Small suites, run as pytest runs yours. Without ``async_rollback`` rows leak, tables lock, and
PostgreSQL keeps its test database. With it nothing that a test does reaches the next one, not even
failing, being cancelled, or breaking its connection.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.inner_suite import DATABASES

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

TWO_TESTS = """
import pytest
from django.contrib.auth.models import Group

@pytest.fixture
def row(db):
    Group.objects.create(name="fixture")

async def test_writes(db):
    await Group.objects.acreate(name="test")

async def test_reads(row):
    assert [group.name async for group in Group.objects.all()] == ["fixture"]
"""

IN_SIGHT = "*AssertionError: assert ?'test'? == ?'fixture'?"
LOCKED = "*OperationalError: database table is locked*"
IN_USE = '*database "test_*" is being accessed by other users*'

SYMPTOMS = {
    "memory": [LOCKED],
    "file": [IN_SIGHT],
    "postgresql": [IN_USE, IN_SIGHT],
    "pool": [IN_USE, IN_SIGHT],
}

AFTERMATH = """
import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import (
    DatabaseError, close_old_connections, connection, connections, transaction
)

pytestmark = pytest.mark.django_db

@pytest.fixture(autouse=True)
def clean_start(db):
    assert connection.is_usable() and Group.objects.count() == 0

async def test_fails():
    await Group.objects.acreate(name="fails")
    raise AssertionError

@pytest.fixture
async def broken(db):
    await Group.objects.acreate(name="error")
    raise LookupError

async def test_errors(broken):
    pass

def write_slowly(started, release):
    with transaction.atomic():
        Group.objects.create(name="slow")
        started.set()
        release.wait(5)
        Group.objects.create(name="slower")

@pytest.mark.parametrize(
    "run",
    [sync_to_async, lambda function: sync_to_async(function, thread_sensitive=False)],
    ids=["sensitive", "elsewhere"],
)
async def test_is_cancelled_in_mid_query(run):
    started, release = threading.Event(), threading.Event()
    task = asyncio.create_task(run(write_slowly)(started, release))
    await asyncio.to_thread(started.wait)
    task.cancel()
    threading.Timer(0.1, release.set).start()

def write_late(started, release):
    started.set()
    release.wait(5)
    Group.objects.create(name="late")

async def test_is_cancelled_before_its_first_query():
    await asyncio.gather(Group.objects.acount(), Group.objects.acount())
    started, release = threading.Event(), threading.Event()
    task = asyncio.create_task(sync_to_async(write_late)(started, release))
    await asyncio.to_thread(started.wait)
    task.cancel()
    threading.Timer(0.1, release.set).start()

async def test_leaves_a_block_open():
    await sync_to_async(transaction.atomic().__enter__)()
    await Group.objects.acreate(name="in the block")

async def test_swallows_a_database_error():
    await Group.objects.acreate(name="twice")
    with pytest.raises(DatabaseError):
        await Group.objects.acreate(name="twice")

async def test_closes_its_connection():
    await Group.objects.acreate(name="kept")
    await sync_to_async(close_old_connections)()
    await sync_to_async(connections.close_all)()
    await sync_to_async(connection.close)()
    assert await Group.objects.acount() == 1

def hang_up():
    if connection.vendor == "postgresql":
        connection.connection.close()
    elif not connection.is_in_memory_db():  # closing that would be the end of the database
        connection.connection.close()

async def test_breaks_its_connection():
    await Group.objects.acreate(name="broken")
    await sync_to_async(hang_up)()

def test_the_last_one_is_clean():
    pass
"""


@pytest.mark.parametrize("database", DATABASES)
def test_without_the_plugin_rows_leak_and_tables_lock(
    database: str, inner_suite: InnerSuite
) -> None:
    result = inner_suite(TWO_TESTS, plugins=[], database=database)

    result.stdout.fnmatch_lines(SYMPTOMS[database])


def test_with_the_plugin_each_test_sees_its_own_rows(
    any_database: str, inner_suite: InnerSuite
) -> None:
    result = inner_suite(TWO_TESTS, plugins=["async_rollback"], database=any_database)

    result.assert_outcomes(passed=2)


def test_a_test_that_ends_badly_does_not_reach_the_next(
    any_database: str, inner_suite: InnerSuite
) -> None:
    result = inner_suite(AFTERMATH, database=any_database)

    result.assert_outcomes(passed=8, failed=1, errors=1)
