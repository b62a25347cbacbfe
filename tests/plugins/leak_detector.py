"""Fails a test that leaves rows behind, rather than the one that trips over them.

Before and after each test that uses the database, this plugin counts the rows of its tables,
through a connection of its own: that sees what was committed, as the next test would, and nothing
of a transaction that is rolled back. Rows of migrations or of wider fixtures are there before
the test, and so are not held against it. Copy the file and name it in the root ``conftest.py``::

    pytest_plugins = ["leak_detector"]

Counting costs about 0.02 ms a test on SQLite and 0.3 ms on PostgreSQL for ten tables, 0.05
and 2.3 ms for sixty. ``--no-leak-detector`` leaves it out.

Needs: pytest-django
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from typing import TYPE_CHECKING

import django.test
import pytest
import pytest_django.fixtures
import pytest_django.plugin
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from contextlib import AbstractContextManager

    from django.db.backends.base.base import BaseDatabaseWrapper
    from pytest_django import DjangoDbBlocker

    Rows = dict[tuple[str, str], int]

FIRST = {
    # In memory, SQLite would lock a reader out while the transaction of a TestCase class is open.
    "sqlite": ["PRAGMA read_uncommitted = 1", "PRAGMA busy_timeout = 500"],
    # A detector never blocks: class data may hold the lock of an ALTER TABLE.
    "postgresql": ["SET lock_timeout = 500"],
    "mysql": ["SET SESSION lock_wait_timeout = 1"],
}
NOT_LOOKED = "leak_detector could not look"

ASYNC = (
    "The async ORM runs in another thread, on a connection that the test's transaction does not "
    "reach. Use the async_rollback plugin, or mark the test django_db(transaction=True)."
)
SYNC = (
    "Another thread, process or connection committed them, outside the test's transaction. Let it "
    "use the test's connection, or mark the test django_db(transaction=True)."
)
TRANSACTIONAL = (
    "The database was flushed at the test's end, so they were written afterwards: let no "
    "thread, task or process outlive the test."
)


class LeakedRowsError(AssertionError):
    """A test left rows that the next one would see."""


class LeakDetector:
    """Counts the committed rows of the test databases, through connections of its own.

    Args:
        blocker: pytest-django's guard of the database, which is lifted to count.
    """

    def __init__(self, blocker: DjangoDbBlocker) -> None:
        self.blocker = blocker
        self.observers: dict[str, BaseDatabaseWrapper] = {}
        self.queries: dict[str, tuple[list[str], str]] = {}
        self.migrated: Rows = {}

    @contextlib.contextmanager
    def watch(self, item: pytest.Function) -> Generator[None]:
        """Fail if there are more rows afterwards than before.

        Raises:
            LeakedRowsError: names the tables, the rows left in each and the likely cause.
        """
        self.blind = False
        before = self.count(databases(item))
        self.migrated = before | self.migrated  # a flush may bring these back
        yield
        after = self.count(databases(item))
        if self.blind:
            item.user_properties.append((NOT_LOOKED, item.nodeid))
        leaks = [
            f"{rows - before[key]} row(s) in {key[1]} (database {key[0]!r})"
            for key, rows in after.items()
            if key in before and rows > max(before[key], self.migrated[key])
        ]
        if leaks:
            raise LeakedRowsError(
                f"{item.nodeid} left {', '.join(leaks)}: the next test sees them. {cause(item)}"
            )

    def count(self, aliases: Iterable[str]) -> Rows:
        """Return the number of rows by alias and table; of none where it could not look."""
        rows: Rows = {}
        with self.blocker.unblock():
            for alias in aliases:
                try:
                    with self.observer(alias).cursor() as cursor:
                        tables, query = self.queries[alias]
                        if tables:  # SQLite cannot select nothing
                            cursor.execute(query)
                            keys = ((alias, table) for table in tables)
                            rows |= zip(keys, cursor.fetchone(), strict=True)
                except OperationalError:
                    self.blind = True
                    self.forget(alias)
        return rows

    def observer(self, alias: str) -> BaseDatabaseWrapper:
        """Return the detector's connection, and on first use find out what to count."""
        if alias in self.queries:
            return self.observers[alias]
        observer = self.observers[alias] = connections[alias].copy(f"{alias} (leak detector)")
        observer.settings_dict["OPTIONS"].pop("pool", None)  # its places are for the tests
        with observer.cursor() as cursor:
            for statement in FIRST.get(observer.vendor, []):
                cursor.execute(statement)
            existing = observer.introspection.table_names(cursor)
        meant = connections[alias].introspection.django_table_names()  # by routers, for this alias
        tables = sorted({*meant} & {*existing})
        names = [observer.ops.quote_name(table) for table in tables]
        counts = ", ".join(f"(SELECT COUNT(*) FROM {name})" for name in names)  # noqa: S608
        self.queries[alias] = tables, f"SELECT {counts}"
        return observer

    def forget(self, alias: str) -> None:
        """Close a connection that met a lock, or was lost: the next look begins anew."""
        self.queries.pop(alias, None)
        observer = self.observers.pop(alias, None)
        if observer and observer.connection:  # the driver's: Django keeps one that is in memory
            observer.connection.close()

    def close(self) -> None:
        """Close the connections, before the test databases are destroyed."""
        for alias in [*self.observers]:
            self.forget(alias)


def databases(item: pytest.Function) -> Iterable[str]:
    """Return the aliases that a test may use: only these have a test database for certain."""
    if is_unittest(item):
        chosen = item.cls.databases
    else:
        marker = item.get_closest_marker("django_db")
        chosen = marker and marker.kwargs.get("databases")
    return connections if chosen == "__all__" else chosen or [DEFAULT_DB_ALIAS]


def cause(item: pytest.Function) -> str:
    """Say how the rows most likely got there, and what to do about it."""
    marker = item.get_closest_marker("django_db")
    flushed = marker and marker.kwargs.get("transaction")
    if flushed or {"transactional_db", "live_server"} & set(item.fixturenames):
        return TRANSACTIONAL
    return ASYNC if inspect.iscoroutinefunction(item.function) else SYNC


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-leak-detector", action="store_true", help="do not look for rows that tests leave"
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(pytest_django.fixtures, "_django_db_helper"):
        raise pytest.UsageError(
            "leak_detector wraps pytest-django's _django_db_helper, which this version of it does "
            "not have: look for a newer version of this file, or it would watch nothing."
        )
    plugins = [plugin for _, plugin in config.pluginmanager.list_name_plugin()]
    if plugins.index(sys.modules[__name__]) < plugins.index(pytest_django.plugin):
        raise pytest.UsageError(
            "leak_detector is loaded before pytest-django, whose fixtures then take the place of "
            "its own: name it in pytest_plugins of the root conftest.py, not with -p."
        )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that could not be watched."""
    reports = [
        report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)
    ]
    blind = {
        test for report in reports for key, test in report.user_properties if key == NOT_LOOKED
    }
    if blind:
        terminalreporter.section(f"{NOT_LOOKED}: a table was locked, or the connection lost")
        terminalreporter.write_line("\n".join(sorted(blind)))


def is_unittest(item: pytest.Item) -> bool:
    """Whether Django's own test case sets up and tears down, within the test's call."""
    return issubclass(getattr(item, "cls", None) or object, django.test.TransactionTestCase)


detector_key = pytest.StashKey[LeakDetector]()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker, django_db_setup: None
) -> Generator[None]:
    """Wrap pytest-django's fixture: have a detector while there are test databases."""
    detector = request.config.stash[detector_key] = LeakDetector(django_db_blocker)
    yield
    detector.close()


def watch(item: pytest.Function) -> AbstractContextManager[None]:
    """Watch a test, unless that is switched off."""
    if item.config.getoption("no_leak_detector"):
        return contextlib.nullcontext()
    return item.config.stash[detector_key].watch(item)


@pytest.fixture
def _leak_watch(request: pytest.FixtureRequest, django_db_setup: None) -> Generator[None]:
    with contextlib.nullcontext() if is_unittest(request.node) else watch(request.node):
        yield


@pytest.fixture
def _django_db_helper(_leak_watch: None, _django_db_helper: None) -> None:
    """Wrap the fixture in which pytest-django opens a test's transaction: watch from before it."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Generator[None, object, object]:
    """Watch a ``TestCase``, which opens its transaction in the test's call."""
    if not (is_unittest(item) and detector_key in item.config.stash):
        return (yield)
    with watch(item):
        return (yield)
