"""A detector that never blocks.

Class data may hold the lock of a whole table (``ALTER TABLE`` on PostgreSQL) for as long as the
class lasts. The leak detector then gives up after half a second, and says which tests it could not
watch.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import OperationalError

from tests.plugins.leak_detector import (
    detector_key,
    pytest_configure,
    pytest_terminal_summary,
)

if TYPE_CHECKING:
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


@pytest.mark.postgresql
def test_where_a_table_is_locked_it_says_that_it_could_not_look(inner_suite: InnerSuite) -> None:
    result = inner_suite(LOCKED, database="postgresql")

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*leak_detector could not look*", "test_inner.py::Locked::*"])


def test_an_upstream_without_its_fixture_is_refused(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("pytest_django.fixtures._django_db_helper")

    with pytest.raises(pytest.UsageError, match="leak_detector wraps"):
        pytest_configure(pytestconfig)


def test_being_loaded_before_pytest_django_is_refused(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugins = pytestconfig.pluginmanager.list_name_plugin()
    monkeypatch.setattr(pytestconfig.pluginmanager, "list_name_plugin", lambda: plugins[::-1])

    with pytest.raises(pytest.UsageError, match="leak_detector is loaded before pytest-django"):
        pytest_configure(pytestconfig)


@pytest.mark.django_db
def test_tests_that_could_not_be_watched_are_named_at_the_end(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector = request.config.stash[detector_key]
    item: Any = SimpleNamespace(
        nodeid="test_a.py::test_b",
        user_properties=[],
        cls=None,
        get_closest_marker=lambda name: None,
    )

    def be_locked_out(alias: str) -> None:
        raise OperationalError

    monkeypatch.setattr(detector, "observer", be_locked_out)
    written: list[str] = []
    reporter: Any = SimpleNamespace(
        getreports={"passed": [item], "failed": []}.get,
        section=written.append,
        write_line=written.append,
    )

    with detector.watch(item):
        pass
    pytest_terminal_summary(reporter)

    assert written == [
        "leak_detector could not look: another connection held the lock of a table",
        "test_a.py::test_b",
    ]


def test_nothing_is_said_where_all_could_be_watched() -> None:
    written: list[str] = []
    reporter: Any = SimpleNamespace(getreports=lambda kind: [], section=written.append)

    pytest_terminal_summary(reporter)

    assert written == []
