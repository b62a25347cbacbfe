"""A detector that never blocks.

Class data may hold the lock of a whole table (``ALTER TABLE`` on PostgreSQL) for as long as the
class lasts. The leak detector then gives up after half a second, and says which tests it could not
watch.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

from tests.plugins import leak_detector
from tests.plugins.leak_detector import (
    LeakDetector,
    detector_key,
    pytest_configure,
    pytest_terminal_summary,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django import DjangoDbBlocker
    from pytest_mock import MockerFixture

    from tests.plugins.inner_suite import InnerSuite

LOCKED = """
from django.contrib.auth.models import Group
from django.db import connection
from django.test import TestCase

class Locked(TestCase):
    @classmethod
    def setUpTestData(cls):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE auth_group ADD COLUMN note varchar(9)")

    def test_it_is_not_blocked(self):
        assert Group.objects.count() == 0
"""

UNLOCKED = f"""{LOCKED}
import threading

class Unlocked(TestCase):
    def test_it_leaves_a_row(self):
        def write():
            Group.objects.create(name="thread")
            connection.close()
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
"""

# Django does not close a connection to SQLite that a lock kept it from setting up.
UNCLOSED = "-Wignore:unclosed database:ResourceWarning"


@pytest.fixture(params=["memory", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> str:
    """Each kind of database in which a reader is locked out."""
    kind: str = request.param
    return kind


def test_where_a_table_is_locked_it_says_that_it_could_not_look(
    inner_suite: InnerSuite, database: str
) -> None:
    result = inner_suite(LOCKED, UNCLOSED, plugins=["leak_detector"], database=database)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*leak_detector could not look*", "test_inner.py::Locked::*"])


def test_it_looks_again_when_the_lock_is_gone(inner_suite: InnerSuite, database: str) -> None:
    result = inner_suite(UNLOCKED, UNCLOSED, plugins=["leak_detector"], database=database)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines("E *: test_inner.py::Unlocked::* left 1 row(s) in auth_group *")


def test_it_connects_again_when_the_connection_was_lost(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mocker: MockerFixture,
    django_db_blocker: DjangoDbBlocker,
) -> None:
    file = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE auth_group (id)")
    own = {"ENGINE": "django.db.backends.sqlite3", "NAME": file}
    monkeypatch.setattr(leak_detector, "connections", ConnectionHandler({"default": own}))
    detector = LeakDetector(django_db_blocker)
    seen = detector.count(["default"])

    lost = OperationalError("server closed the connection unexpectedly")
    mocker.patch.object(detector.observers["default"], "cursor", side_effect=lost)

    assert detector.count(["default"]) == {}
    assert detector.count(["default"]) == seen == {("default", "auth_group"): 0}
    detector.close()


def test_it_gives_up_as_soon_when_it_looks_for_the_first_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> None:
    file = tmp_path / "db.sqlite3"
    own = {"ENGINE": "django.db.backends.sqlite3", "NAME": file}
    monkeypatch.setattr(leak_detector, "connections", ConnectionHandler({"default": own}))
    detector = LeakDetector(django_db_blocker)

    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        start = time.monotonic()
        assert detector.count(["default"]) == {}

    assert time.monotonic() - start < 2.5  # seconds; Django's own patience is five
    detector.close()


def test_an_upstream_without_its_fixture_is_refused(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("pytest_django.fixtures._django_db_helper")

    with pytest.raises(pytest.UsageError, match=r"^leak_detector wraps .* watch nothing\.$"):
        pytest_configure(pytestconfig)


def test_being_loaded_before_pytest_django_is_refused(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = pytestconfig.pluginmanager.list_name_plugin()
    monkeypatch.setattr(pytestconfig.pluginmanager, "list_name_plugin", lambda: plugins[::-1])

    with pytest.raises(pytest.UsageError, match=r"^leak_detector is loaded .* -p\.$"):
        pytest_configure(pytestconfig)


@pytest.fixture
def detector(request: pytest.FixtureRequest, db: None) -> LeakDetector:
    """The detector of this run."""
    return request.config.stash[detector_key]


def a_test(nodeid: str) -> Any:
    """Stand for a test that is watched."""
    return SimpleNamespace(
        nodeid=nodeid, user_properties=[], cls=None, get_closest_marker=lambda name: None
    )


def be_locked_out(alias: str) -> None:
    raise OperationalError


def test_tests_that_could_not_be_watched_are_named_at_the_end(
    detector: LeakDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(detector, "observer", be_locked_out)
    written: list[str] = []
    tests = [a_test(f"test_it[{number}]") for number in range(5, 0, -1)]
    reporter: Any = SimpleNamespace(
        getreports={"passed": tests[:3], "failed": tests[3:]}.get,
        section=written.append,
        write_line=written.append,
    )

    for test in tests:
        with detector.watch(test):
            pass
    pytest_terminal_summary(reporter)

    assert written == [
        "leak_detector could not look: a table was locked, or the connection lost",
        "test_it[1]\ntest_it[2]\ntest_it[3]\ntest_it[4]\ntest_it[5]",
    ]


@pytest.mark.parametrize("locked", ["before", "afterwards"])
def test_rows_that_it_saw_at_one_end_only_are_not_held_against_a_test(
    detector: LeakDetector, monkeypatch: pytest.MonkeyPatch, locked: str
) -> None:
    test = a_test("test_it")
    lock = partial(monkeypatch.setattr, detector, "observer", be_locked_out)
    if locked == "before":
        lock()

    with detector.watch(test):
        monkeypatch.undo()
        if locked == "afterwards":
            lock()

    assert len(test.user_properties) == 1


def test_nothing_is_said_where_all_could_be_watched() -> None:
    written: list[str] = []
    reporter: Any = SimpleNamespace(getreports=lambda kind: [], section=written.append)

    pytest_terminal_summary(reporter)

    assert written == []
