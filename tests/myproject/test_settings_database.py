"""Test what the settings ask of a database, on connections that are made from them.

Use connections of the test's own, to a file of its own, where the setting is about two of them: who
waits for whom, and when a connection is given up. The trap is the test's own connection, which is
in memory, in a transaction, and never closed.
Code: myproject/settings.py
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQL
from django.db.utils import ConnectionHandler
from psycopg.conninfo import make_conninfo
from pytest_mock import MockerFixture

from tests.myproject.settings_file import ROOT, settings_with

Connect = Callable[[], BaseDatabaseWrapper]


@pytest.fixture
def connect(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, django_db_blocker: Any
) -> Iterator[Connect]:
    """Give a function that connects to a new database with one table, as the settings say."""
    databases = settings_with(monkeypatch)["DATABASES"]
    databases["default"]["NAME"] = tmp_path / "db.sqlite3"
    handlers: list[ConnectionHandler] = []

    def new() -> BaseDatabaseWrapper:
        handlers.append(ConnectionHandler(deepcopy(databases)))
        return handlers[-1]["default"]

    with django_db_blocker.unblock():
        run(new(), "CREATE TABLE room (name TEXT)")
        yield new
    for handler in handlers:
        handler.close_all()


def run(connection: BaseDatabaseWrapper, sql: str) -> Any:
    """Execute one statement, and return the first value of its first row."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return (cursor.fetchone() or [None])[0] if cursor.description else None


def block_on(connection: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return an ``atomic`` block on this connection."""
    monkeypatch.setattr(transaction, "get_connection", lambda using=None: connection)
    return transaction.atomic()


def test_a_writer_need_not_wait_for_those_who_read(connect: Connect) -> None:
    reader, writer = connect(), connect()
    run(writer, "INSERT INTO room VALUES ('lobby'), ('attic')")

    with closing(reader.cursor()) as cursor:
        cursor.execute("SELECT name FROM room")
        assert cursor.fetchone() == ("lobby",)  # and the attic is still to be read
        run(writer, "INSERT INTO room VALUES ('cellar')")

    assert run(reader, "SELECT count(*) FROM room") == 3


def test_a_commit_need_not_wait_for_the_disk(connect: Connect) -> None:
    full, normal = 2, 1

    assert run(connect(), "PRAGMA synchronous") == normal < full


def test_a_second_writer_waits_when_its_transaction_opens_and_not_half_way(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = connect(), connect()
    run(second, "PRAGMA busy_timeout = 0")  # to be refused where others wait

    with block_on(first, monkeypatch):
        with pytest.raises(OperationalError, match="locked"):
            block_on(second, monkeypatch).__enter__()
        run(second, "SELECT count(*) FROM room")


def test_a_writer_waits_for_seconds(connect: Connect) -> None:
    assert run(connect(), "PRAGMA busy_timeout") >= 1000


def test_a_connection_stays_for_the_next_request(connect: Connect) -> None:
    connection = connect()
    connection.ensure_connection()
    before = connection.connection

    connection.close_if_unusable_or_obsolete()

    assert connection.connection is before


def test_a_connection_that_has_served_for_ten_minutes_is_closed(
    connect: Connect, mocker: MockerFixture
) -> None:
    connection = connect()
    connection.ensure_connection()
    mocker.patch("django.db.backends.base.base.time", monotonic=lambda: monotonic() + 600)

    connection.close_if_unusable_or_obsolete()

    assert connection.connection is None


def test_a_connection_that_the_server_has_dropped_is_replaced_in_the_next_request(
    connect: Connect, mocker: MockerFixture
) -> None:
    connection = connect()
    connection.ensure_connection()
    before = connection.connection
    mocker.patch.object(connection, "is_usable", return_value=False)

    connection.close_if_unusable_or_obsolete()
    run(connection, "SELECT 1")

    assert connection.connection is not before


def test_the_database_of_development_is_a_file_that_is_not_under_version_control(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = Path(settings_with(monkeypatch)["DATABASES"]["default"]["NAME"])

    assert file.parent == ROOT
    assert f"{file.name}*" in Path(ROOT, ".gitignore").read_text().splitlines()


def postgresql(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what the driver is told."""
    url = "postgres://user:secret@host:5433/name"
    databases = ConnectionHandler(settings_with(monkeypatch, DATABASE_URL=url)["DATABASES"])
    return PostgreSQL(databases.settings["default"]).get_connection_params()


def test_a_url_leads_to_a_postgresql_server(monkeypatch: pytest.MonkeyPatch) -> None:
    told = postgresql(monkeypatch)

    where = {"user": "user", "password": "secret", "host": "host", "port": 5433, "dbname": "name"}
    assert {name: told[name] for name in where} == where


@pytest.mark.parametrize(
    ("option", "per_second"), [("connect_timeout", 1), ("tcp_user_timeout", 1000)]
)
def test_a_server_that_is_away_is_noticed_within_seconds(
    monkeypatch: pytest.MonkeyPatch, option: str, per_second: int
) -> None:
    told = postgresql(monkeypatch)

    assert 1 <= told[option] / per_second <= 10
    assert f"{option}={told[option]}" in make_conninfo(**{option: told[option]})
