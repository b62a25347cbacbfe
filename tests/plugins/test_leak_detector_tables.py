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

from tests.plugins import leak_detector
from tests.plugins.leak_detector import LeakDetector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have nothing but an empty database in a file."""
    own = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "db.sqlite3"}
    monkeypatch.setattr(leak_detector, "connections", ConnectionHandler({"default": own}))
    return tmp_path / "db.sqlite3"


@pytest.fixture
def detector(django_db_blocker: DjangoDbBlocker) -> Iterator[LeakDetector]:
    """A detector that has not looked yet."""
    detector = LeakDetector(django_db_blocker)
    yield detector
    detector.close()


def execute(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(statement)


def test_it_counts_tables_that_are_there_by_the_alphabet(
    file: Path, detector: LeakDetector
) -> None:
    execute(file, "CREATE TABLE django_session (id)")
    execute(file, "CREATE TABLE auth_group (id)")
    execute(file, "CREATE TABLE of_no_model (id)")

    tables = list(detector.count(["default"]))

    assert tables == [("default", "auth_group"), ("default", "django_session")]


def test_a_database_without_tables_is_not_taken_for_a_locked_one(
    file: Path, detector: LeakDetector, request: pytest.FixtureRequest
) -> None:
    with detector.watch(request.node):
        pass

    assert request.node.user_properties == []


class OnlyDefault:
    """A router that has all tables in one of several databases."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"


def test_a_router_is_asked_by_the_databases_own_name(
    file: Path, detector: LeakDetector, settings: Settings
) -> None:
    settings.DATABASE_ROUTERS = [OnlyDefault()]
    execute(file, "CREATE TABLE auth_group (id)")

    assert detector.count(["default"]) == {("default", "auth_group"): 0}


def test_a_table_may_have_a_name_that_needs_quotes(inner_suite: InnerSuite) -> None:
    result = inner_suite(QUOTED, plugins=["leak_detector"])

    result.stdout.fnmatch_lines("E *: test_inner.py::test_thread left 1 row(s) in order *")
