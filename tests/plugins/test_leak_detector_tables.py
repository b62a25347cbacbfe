"""Which tables the leak detector counts.

Those of a project's models that are in the database: of one that a router keeps elsewhere there is
no table, and of an app of the tests there may be none. The trap is a database without any, which is
not to be mistaken for one that is locked.

Code: tests/plugins/leak_detector.py
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from django.db.utils import ConnectionHandler
from django.utils.connection import ConnectionDoesNotExist

from tests.plugins import leak_detector
from tests.plugins.leak_detector import LeakDetector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker, Settings

    from tests.plugins.inner_suite import InnerSuite

QUOTED = """
import threading

from django.db import connection, models

class Order(models.Model):
    class Meta:
        app_label = "auth"
        db_table = "order"

def test_thread(db):
    def write():
        Order.objects.create()
        connection.close()
    thread = threading.Thread(target=write)
    thread.start()
    thread.join()
"""

OUTLASTING = """
import pytest
from leak_detector import detector_key

@pytest.fixture(scope="session", autouse=True)
def outlasts_the_databases(request):
    yield
    assert request.config.stash[detector_key].observers == {}

def test_it(db):
    ...
"""

MEMORY = "file:of_a_test?mode=memory&cache=shared"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Have nothing but an empty database, here in memory, and give a connection to it."""
    own = {"ENGINE": "django.db.backends.sqlite3", "NAME": MEMORY}
    monkeypatch.setattr(leak_detector, "connections", ConnectionHandler({"default": own}))
    with closing(sqlite3.connect(MEMORY, uri=True)) as connection:
        yield connection


@pytest.fixture
def detector(django_db_blocker: DjangoDbBlocker) -> Iterator[LeakDetector]:
    """A detector that has not looked yet."""
    detector = LeakDetector(django_db_blocker)
    yield detector
    detector.close()


def test_it_counts_tables_that_are_there_by_the_alphabet(
    database: sqlite3.Connection, detector: LeakDetector
) -> None:
    database.execute("CREATE TABLE django_session (id)")
    database.execute("CREATE TABLE auth_group (id)")
    database.execute("CREATE TABLE of_no_model (id)")

    tables = list(detector.count(["default"]))

    assert tables == [("default", "auth_group"), ("default", "django_session")]


def test_a_database_without_tables_is_not_taken_for_a_locked_one(
    database: sqlite3.Connection, detector: LeakDetector, request: pytest.FixtureRequest
) -> None:
    with detector.watch(request.node):
        pass

    assert request.node.user_properties == []


class OnlyDefault:
    """A router that has all tables in one of several databases."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"


def test_a_router_is_asked_by_the_databases_own_name(
    database: sqlite3.Connection, detector: LeakDetector, settings: Settings
) -> None:
    settings.DATABASE_ROUTERS = [OnlyDefault()]
    database.execute("CREATE TABLE auth_group (id)")

    assert detector.count(["default"]) == {("default", "auth_group"): 0}


def test_another_error_than_that_of_a_lock_is_raised(detector: LeakDetector) -> None:
    with pytest.raises(ConnectionDoesNotExist):
        detector.count(["missing"])


def test_it_lets_go_of_a_database_in_memory(
    database: sqlite3.Connection, detector: LeakDetector
) -> None:
    database.execute("CREATE TABLE auth_group (id)")
    assert detector.count(["default"])

    database.close()
    detector.close()

    with closing(sqlite3.connect(MEMORY, uri=True)) as new:
        assert new.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_its_connections_end_with_the_databases(inner_suite: InnerSuite) -> None:
    result = inner_suite(OUTLASTING, plugins=["leak_detector"])

    result.assert_outcomes(passed=1)


def test_a_table_may_have_a_name_that_needs_quotes(inner_suite: InnerSuite) -> None:
    result = inner_suite(QUOTED, plugins=["leak_detector"])

    result.stdout.fnmatch_lines("E *: test_inner.py::test_thread left 1 row(s) in order *")
