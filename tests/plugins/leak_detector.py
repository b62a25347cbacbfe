"""Fails a test that leaves rows behind, rather than the one that trips over them.

Before and after each test that uses the database, this plugin counts the rows of its tables,
through a connection of its own: that sees what was committed, as the next test would, and nothing
of a transaction that is rolled back. Rows of migrations or of wider fixtures are there before
the test, and so are not held against it. Copy the file and name it in the root ``conftest.py``::

    pytest_plugins = ["leak_detector"]

Counting costs about 0.02 ms a test on SQLite and 0.3 ms on PostgreSQL for ten tables, 0.05
and 2.3 ms for sixty. ``--no-leak-detector`` leaves it out.
"""

from __future__ import annotations

import contextlib
import inspect
from typing import TYPE_CHECKING, Any

import django.test
import pytest
from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from django.db.backends.base.base import BaseDatabaseWrapper
    from pytest_django import DjangoDbBlocker

Rows = dict[tuple[str, str], int]

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

    @contextlib.contextmanager
    def watch(self, item: pytest.Function) -> Generator[None]:
        """Fail if there are more rows afterwards than before.

        Raises:
            LeakedRowsError: names the tables, the rows left in each and the likely cause.
        """
        before = self.count(databases(item))
        yield
        after = self.count(databases(item))
        leaks = [
            f"{after[alias, table] - rows} row(s) in {table} (database {alias!r})"
            for (alias, table), rows in before.items()
            if after[alias, table] > rows
        ]
        if leaks:
            raise LeakedRowsError(
                f"{item.nodeid} left {', '.join(leaks)}: the next test sees them. {cause(item)}"
            )

    def count(self, aliases: Iterable[str]) -> Rows:
        """Return the number of rows by alias and table."""
        rows: Rows = {}
        with self.blocker.unblock():
            for alias in aliases:
                with self.observer(alias).cursor() as cursor:
                    tables, query = self.queries[alias]
                    cursor.execute(query)
                    keys = ((alias, table) for table in tables)
                    rows |= zip(keys, cursor.fetchone(), strict=True)
        return rows

    def observer(self, alias: str) -> BaseDatabaseWrapper:
        """Return the detector's connection, and on first use find out what to count."""
        if alias in self.observers:
            return self.observers[alias]
        observer = self.observers[alias] = connections[alias].copy()
        observer.settings_dict["OPTIONS"].pop("pool", None)  # its places are for the tests
        find = observer.introspection.django_table_names
        tables = sorted(find(only_existing=True, include_views=False))
        names = [observer.ops.quote_name(table) for table in tables]
        counts = ", ".join(f"(SELECT COUNT(*) FROM {name})" for name in names)  # noqa: S608
        self.queries[alias] = tables, f"SELECT {counts}"
        if observer.vendor == "sqlite":  # in memory, a class-wide transaction locks readers out
            with observer.cursor() as cursor:
                cursor.execute("PRAGMA read_uncommitted = 1")
        return observer

    def close(self) -> None:
        """Close the connections, before the test databases are destroyed."""
        for observer in self.observers.values():
            observer.connection.close()  # the driver's: Django keeps one to a database in memory
            observer.connection = None


def databases(item: pytest.Function) -> list[str]:
    """Return the aliases that a test may use: only these have a test database for certain."""
    marker = item.get_closest_marker("django_db")
    chosen = marker.kwargs.get("databases") if marker else getattr(item.cls, "databases", None)
    return list(connections if chosen == "__all__" else chosen or [DEFAULT_DB_ALIAS])


def cause(item: pytest.Function) -> str:
    """Say how the rows most likely got there, and what to do about it."""
    marker = item.get_closest_marker("django_db")
    flushed = marker and marker.kwargs.get("transaction")
    if flushed or {"transactional_db", "live_server"} & set(item.fixturenames):
        return TRANSACTIONAL
    return ASYNC if inspect.iscoroutinefunction(item.function) else SYNC


detector_key = pytest.StashKey[LeakDetector]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-leak-detector", action="store_true", help="do not look for rows that tests leave"
    )


def is_unittest(item: pytest.Item) -> bool:
    """Whether Django's own test case sets up and tears down, within the test's call."""
    return issubclass(getattr(item, "cls", None) or object, django.test.TransactionTestCase)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Watch from before the test's transaction is opened until it has been rolled back."""
    config = request.config
    if fixturedef.argname == "django_db_setup" and not config.getoption("no_leak_detector"):
        result = yield
        detector = LeakDetector(request.getfixturevalue("django_db_blocker"))
        config.stash[detector_key] = detector
        fixturedef.addfinalizer(detector.close)
        return result
    if fixturedef.argname == "_django_db_helper" and not is_unittest(request.node):
        watch = contextlib.ExitStack()
        if detector_key in config.stash:
            watch.enter_context(config.stash[detector_key].watch(request.node))
        fixturedef.addfinalizer(watch.close)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Generator[None, object, object]:
    """Watch a ``TestCase``, which opens its transaction in the test's call."""
    if not (is_unittest(item) and detector_key in item.config.stash):
        return (yield)
    with item.config.stash[detector_key].watch(item):
        return (yield)
