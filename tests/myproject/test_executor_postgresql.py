"""Keep rows, settings and broken connections of one request from the others, on PostgreSQL.

Use this for what SQLite cannot show: in memory, Django does not close a connection, and only one
transaction may write. The trap is a row that was acknowledged, and is rolled back with somebody
else's transaction.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import DatabaseError, connection, transaction
from pytest_mock import MockerFixture

from myproject.executor import PersistentThreads
from myproject.silence import is_silent

pytestmark = pytest.mark.django_db(transaction=True)

Request = Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]]


@pytest.fixture
def request_for(mocker: MockerFixture) -> Iterator[Request]:
    """Return a function that does something in a request of its own, on one thread that stays."""
    mocker.patch("myproject.threads.STALL", 0.001)

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        scope["answer"] = await scope["work"]()

    async def request(work: Callable[[], Awaitable[Any]]) -> Any:
        scope: dict[str, Any] = {"path": "/", "work": work}
        await threads(scope, None, None)
        return scope["answer"]

    threads = PersistentThreads(application, few=1, most=2)
    yield request
    threads.close()


async def names() -> list[str]:
    return [group.name async for group in Group.objects.all()]


async def test_what_one_request_wrote_is_there_for_the_next(request_for: Request) -> None:
    await request_for(lambda: Group.objects.acreate(name="written"))

    assert await request_for(names) == ["written"]


@pytest.mark.postgresql
async def test_what_was_acknowledged_is_not_rolled_back_with_somebody_elses_transaction(
    request_for: Request,
) -> None:
    both = asyncio.Barrier(2)

    async def roll_back() -> None:
        atomic = transaction.atomic()
        await sync_to_async(atomic.__enter__)()
        await Group.objects.acreate(name="rolled back")
        await both.wait()
        await both.wait()
        await sync_to_async(atomic.__exit__)(ValueError, ValueError(), None)

    holder = asyncio.ensure_future(request_for(roll_back))
    await both.wait()

    await request_for(lambda: Group.objects.acreate(name="acknowledged"))
    await both.wait()
    await holder

    assert await request_for(names) == ["acknowledged"]


@pytest.mark.postgresql
async def test_a_transaction_that_was_left_open_is_rolled_back(request_for: Request) -> None:
    async def leave_open() -> None:
        await sync_to_async(transaction.atomic().__enter__)()
        await Group.objects.acreate(name="never committed")

    await request_for(leave_open)

    assert await request_for(names) == []


@pytest.mark.postgresql
async def test_autocommit_that_was_left_off_is_on_for_the_next_request(
    request_for: Request,
) -> None:
    await request_for(lambda: sync_to_async(transaction.set_autocommit)(False))

    assert await request_for(sync_to_async(transaction.get_autocommit)) is True


@pytest.mark.postgresql
async def test_a_connection_that_broke_is_not_the_next_requests(request_for: Request) -> None:
    def lose() -> None:
        connection.ensure_connection()
        connection.connection.close()
        with pytest.raises(DatabaseError, match="the connection is closed"):
            list(Group.objects.all())

    await request_for(sync_to_async(lose))

    assert await request_for(names) == []


@pytest.mark.postgresql
def test_a_session_that_the_server_has_ended_is_noticed() -> None:
    with closing(psycopg.connect(**connection.get_connection_params(), autocommit=True)) as driver:
        assert is_silent(driver)

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [driver.info.backend_pid])

        assert not is_silent(driver)
