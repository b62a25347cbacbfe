"""Test what clients see during an outage.

Use this to promise them something: 503 with ``Retry-After``. The traps: left alone, an error of the
database is a 500; and told by its class alone, a mistake in a query is an outage, and clients try
again for ever.
"""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import psycopg
import pytest
from asgiref.sync import iscoroutinefunction, sync_to_async
from django.db import (
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    connection,
)
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client
from django.urls import path
from pytest_django import Settings
from redis import exceptions as redis

from myproject.outages import CauseOnly, DatabaseOutageMiddleware, is_outage


async def query(request: HttpRequest) -> Any:
    """Send a statement to the database."""

    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(request.GET["sql"])

    await sync_to_async(execute)()


async def unreachable(request: HttpRequest) -> HttpResponse:
    """Fail as an ORM call does while the server is away."""
    raise OperationalError("connection refused\nIs it running?") from psycopg.OperationalError()


async def without_its_cache(request: HttpRequest) -> HttpResponse:
    """Fail as a call of the cache does while Redis is away."""
    raise redis.ConnectionError("Error 111 connecting to 127.0.0.1:6379.")


@pytest.fixture(autouse=True)
def _only_this_middleware(settings: Settings) -> None:
    settings.MIDDLEWARE = ["myproject.outages.DatabaseOutageMiddleware"]


urlpatterns = [
    path("query/", query),
    path("unreachable/", unreachable),
    path("without_its_cache/", without_its_cache),
]


def postgresql(state: str) -> Exception:
    """Return what psycopg raises for this state."""
    return psycopg.errors.lookup(state)("said the server")


def sqlite(statement: str, address: str = ":memory:") -> Exception:
    """Return what the driver raises for this statement."""
    with (
        closing(sqlite3.connect(address, timeout=0, uri=True)) as database,
        pytest.raises(sqlite3.Error) as raised,
    ):
        database.execute(statement)
    return raised.value


def as_django_raises_it(error: type[Exception], cause: Exception) -> Exception:
    """Return Django's own exception, whose cause is the driver's."""
    wrapped = error(*cause.args)
    wrapped.__cause__ = cause
    return wrapped


@pytest.mark.parametrize(
    "state",
    ["08006", "53300", "57P01", "57P03", "58030", "40001", "40P01", "55P03", "57014"],
)
def test_what_passes_on_postgresql_is_an_outage(state: str) -> None:
    assert is_outage(as_django_raises_it(OperationalError, postgresql(state)))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError, "connection refused"),
        (OperationalError, "the connection is closed"),
        (InterfaceError, "connection already closed"),
    ],
)
def test_a_server_that_never_said_a_word_is_away(error: type[Exception], words: str) -> None:
    assert is_outage(as_django_raises_it(error, psycopg.OperationalError(words)))


@pytest.mark.parametrize(
    "error",
    [
        as_django_raises_it(ProgrammingError, postgresql("42601")),
        as_django_raises_it(OperationalError, postgresql("54001")),
        as_django_raises_it(IntegrityError, postgresql("23505")),
        as_django_raises_it(InterfaceError, psycopg.InterfaceError("the cursor is closed")),
        ZeroDivisionError("connection already closed"),
    ],
    ids=["syntax", "a statement too complex", "integrity", "a closed cursor", "no database"],
)
def test_what_is_no_better_the_next_time_is_no_outage(error: Exception) -> None:
    assert is_outage(error) is False


@pytest.mark.parametrize("error", [redis.ConnectionError("refused"), redis.TimeoutError("silent")])
def test_a_cache_that_is_away_is_an_outage_too(error: Exception) -> None:
    assert is_outage(error)


def test_a_mistake_in_using_the_cache_is_none() -> None:
    assert not is_outage(redis.ResponseError("WRONGTYPE"))


def test_a_locked_sqlite_is_an_outage(tmp_path: Path) -> None:
    address = str(tmp_path / "db.sqlite3")
    with closing(sqlite3.connect(address)) as writer:
        writer.execute("BEGIN EXCLUSIVE")

        error = sqlite("CREATE TABLE t (c)", address)

    assert is_outage(as_django_raises_it(OperationalError, error))


def test_a_table_that_another_connection_has_locked_is_an_outage() -> None:
    address = "file:outages?mode=memory&cache=shared"
    with closing(sqlite3.connect(address, uri=True)) as writer:
        writer.executescript("BEGIN; CREATE TABLE t (c)")

        error = sqlite("SELECT * FROM t", address)

    assert is_outage(as_django_raises_it(OperationalError, error))


def test_an_sqlite_without_space_is_an_outage() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError, match="disk is full") as raised:
            database.execute("CREATE TABLE t (c)")

    assert is_outage(as_django_raises_it(OperationalError, raised.value))


def test_an_sqlite_whose_folder_is_away_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError) as raised:
        sqlite3.connect(tmp_path / "not" / "there")

    assert is_outage(as_django_raises_it(OperationalError, raised.value))


def test_a_disk_that_fails_is_an_outage() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_READ"

    assert is_outage(as_django_raises_it(OperationalError, error))


@pytest.mark.parametrize("statement", ["SELEC 1", "SELECT * FROM not_there"])
def test_a_mistake_is_no_outage_on_sqlite(statement: str) -> None:
    assert not is_outage(as_django_raises_it(OperationalError, sqlite(statement)))


@pytest.mark.urls(__name__)
async def test_a_request_is_told_to_try_again_while_the_database_is_away(
    async_client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = await async_client.get("/unreachable/")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert response.json() == {"detail": "The database cannot be reached. Try again."}
    assert "/unreachable/ was not served: OperationalError: connection refused" in caplog.messages


@pytest.mark.urls(__name__)
def test_a_sync_request_is_told_the_same(client: Client) -> None:
    assert client.get("/unreachable/").status_code == 503


@pytest.mark.urls(__name__)
async def test_while_the_cache_is_away_it_is_told_so(async_client: AsyncClient) -> None:
    response = await async_client.get("/without_its_cache/")

    assert (response.status_code, response.headers["Retry-After"]) == (503, "2")
    assert response.json() == {"detail": "The cache cannot be reached. Try again."}


@pytest.mark.urls(__name__)
@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["SELEC 1", "SELECT * FROM not_there", "SELECT not_there"])
async def test_a_mistake_in_a_query_is_an_error_with_its_traceback_in_the_log(
    async_client: AsyncClient, caplog: pytest.LogCaptureFixture, sql: str
) -> None:
    async_client.raise_request_exception = False

    response = await async_client.get("/query/", query_params={"sql": sql})

    assert response.status_code == 500
    [logged] = [record for record in caplog.records if record.name == "django.request"]
    assert logged.exc_info
    assert isinstance(logged.exc_info[1], DatabaseError)


def test_the_middleware_is_called_as_what_it_is() -> None:
    assert iscoroutinefunction(DatabaseOutageMiddleware(AsyncMock()))


def test_a_log_may_have_the_cause_instead_of_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("some.library")
    logger.addFilter(CauseOnly())

    logger.error("Unexpected exception", exc_info=OSError("away"))
    logger.error("Something else")

    assert caplog.messages == ["Unexpected exception: OSError: away", "Something else"]
    assert [record.exc_info for record in caplog.records] == [None, None]


def test_what_ends_the_process_keeps_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("some.library")
    logger.addFilter(CauseOnly())

    logger.error("Unexpected exception", exc_info=KeyboardInterrupt())

    assert caplog.messages == ["Unexpected exception"]
    assert caplog.records[0].exc_info
