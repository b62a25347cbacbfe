"""Test that a database which is behind its code says so, in development.

Break a query for want of a table, and for want of a column. The trap is to ask for a migration
whenever a query fails: who has mistyped a name migrates in vain, and looks in the wrong place.
Code: myproject/outages.py
"""

import re
import sqlite3
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.http import HttpRequest
from django.test import AsyncClient
from django.urls import path
from pytest_django import Settings

from myproject.outages import is_not_migrated


async def query(request: HttpRequest) -> Any:
    """Send a statement to the database."""

    def execute() -> None:
        with connection.cursor() as cursor:
            cursor.execute(request.GET["sql"])

    await sync_to_async(execute)()


urlpatterns = [path("query/", query)]


@pytest.fixture
def development(settings: Settings, async_client: AsyncClient) -> AsyncClient:
    """A client of a server in debug mode, with this middleware only."""
    settings.DEBUG, settings.ROOT_URLCONF = True, __name__
    settings.MIDDLEWARE = ["myproject.outages.DatabaseOutageMiddleware"]
    async_client.raise_request_exception = False
    return async_client


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM not_there",
        "SELECT not_there FROM auth_group",
        "INSERT INTO auth_group (not_there) VALUES (1)",
    ],
    ids=["table", "column", "column to write"],
)
async def test_what_is_missing_asks_for_its_migration(
    development: AsyncClient, caplog: pytest.LogCaptureFixture, sql: str
) -> None:
    response = await development.get("/query/", query_params={"sql": sql})

    words = r"(Op|Prog)\w+Error: .*not_there.*\. Is there a migration to run\? manage\.py migrate"
    assert response.status_code == 500
    assert re.fullmatch(words, response.json()["detail"])
    [logged] = [record for record in caplog.records if record.name == "myproject.outages"]
    assert logged.getMessage() == "/query/ was not served"
    assert logged.exc_info


@pytest.mark.django_db
async def test_another_mistake_is_shown_as_django_shows_it(development: AsyncClient) -> None:
    response = await development.get("/query/", query_params={"sql": "SELEC 1"})

    assert response.status_code == 500
    assert response.headers["Content-Type"].startswith("text/html")


def caused(error: Exception, cause: Exception | None) -> Exception:
    """Return an error of Django's with the driver's as its cause."""
    error.__cause__ = cause
    return error


MISSING = sqlite3.OperationalError("no such table: talks_talk")


@pytest.mark.parametrize(
    ("error", "missing"),
    [
        (caused(OperationalError(), MISSING), True),
        (caused(ProgrammingError(), psycopg.errors.UndefinedTable()), True),
        (caused(ProgrammingError(), psycopg.errors.UndefinedColumn()), True),
        (caused(ProgrammingError(), psycopg.errors.SyntaxError()), False),
        (caused(OperationalError(), sqlite3.OperationalError("database is locked")), False),
        (caused(DatabaseError("no such table"), None), False),
        (caused(ZeroDivisionError(), MISSING), False),
    ],
    ids=["SQLite", "table", "column", "syntax", "locked", "no driver", "no database"],
)
def test_it_is_the_driver_that_knows(error: Exception, missing: bool) -> None:
    assert is_not_migrated(error) is missing
