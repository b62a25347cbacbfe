"""An outage that is a typo.

SQLite raises ``OperationalError`` for a server that cannot be reached and for a mistake in a query,
PostgreSQL another class for each. Code that answers "try again" to the class alone has clients
repeat a defect for ever, and hides its traceback.

Message: OperationalError: no such table (answered with 503 Service Unavailable)
Cure: ask the driver's own code: `error.__cause__.sqlite_errorname`, or `.sqlstate` of psycopg
Seen on: Django 5.2 and 6.1, Python 3.11 and 3.13
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.utils import DatabaseErrorWrapper

from myproject.outages import is_outage


def error_of(statement: str, address: Path | str = ":memory:") -> OperationalError:
    """Return what Django raises for this statement, on SQLite."""
    wrapper = DatabaseErrorWrapper(DatabaseWrapper({}))
    with (
        closing(sqlite3.connect(address, timeout=0)) as database,
        pytest.raises(OperationalError) as raised,
        wrapper,
    ):
        database.execute(statement)
    return raised.value


@pytest.mark.parametrize("statement", ["SELEC 1", "SELECT * FROM not_there"])
def test_a_mistake_has_the_class_of_an_outage(statement: str) -> None:
    assert isinstance(error_of(statement), OperationalError)


@pytest.mark.parametrize("statement", ["SELEC 1", "SELECT * FROM not_there"])
def test_its_code_tells_that_it_is_none(statement: str) -> None:
    error = error_of(statement)

    assert getattr(error.__cause__, "sqlite_errorname", None) == "SQLITE_ERROR"
    assert not is_outage(error)


def test_the_code_of_a_database_that_somebody_has_locked_tells_that_it_is_one(
    tmp_path: Path,
) -> None:
    with closing(sqlite3.connect(tmp_path / "db")) as writer:
        writer.execute("BEGIN EXCLUSIVE")

        error = error_of("CREATE TABLE t (c)", tmp_path / "db")

    assert getattr(error.__cause__, "sqlite_errorname", None) == "SQLITE_BUSY"
    assert is_outage(error)
