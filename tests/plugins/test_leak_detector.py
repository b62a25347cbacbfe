"""Finding the test that leaves rows behind.

Keep the detector on in every suite: it fails the test that left the rows, and names the table,
their number and the likely cause. Without it some later test fails, in some orders, for no reason
in sight.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import TestCase
from django.utils.timezone import now

from tests.plugins.leak_detector import LeakedRowsError, cause, detector_key, watch

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

LEAKS = """
import threading

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group, User
from django.db import connections
from django.db.models.signals import post_migrate
from django.test import TestCase

def write_in_a_thread(alias):
    def write():
        Group.objects.using(alias).create(name=threading.current_thread().name)
        connections.close_all()
    thread = threading.Thread(target=write)
    thread.start()
    thread.join()

async def test_async(db):
    await Group.objects.abulk_create([Group(name="one"), Group(name="two")])
    await sync_to_async(connections.close_all)()

@pytest.mark.django_db(databases="__all__")
def test_thread():
    write_in_a_thread("other")

@pytest.mark.django_db  # which means nothing to Django
class TestDjango(TestCase):
    databases = {"other"}

    def test_thread(self):
        write_in_a_thread("other")

def write_after_the_flush(**kwargs):
    post_migrate.disconnect(write_after_the_flush)
    User.objects.create(username="late")

def test_flushed(transactional_db):
    post_migrate.connect(write_after_the_flush)
"""

INNOCENT = """
import pytest
from django.contrib.auth.models import Group
from django.test import TestCase

@pytest.fixture(scope="module")
def row_of_the_module(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        group = Group.objects.create(name="module")
        yield
        group.delete()

def test_wider_fixture(row_of_the_module, db):
    Group.objects.create(name="test")

class TestDjango(TestCase):
    @classmethod
    def setUpTestData(cls):
        Group.objects.create(name="class")

    def test_rows_of_the_class(self):
        Group.objects.create(name="test")

@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_flush_that_takes_the_permissions():
    Group.objects.create(name="test")

@pytest.mark.django_db(transaction=True)
def test_flush_that_brings_them_back():
    Group.objects.create(name="test")
"""

REPORT = [
    "E *: test_inner.py::test_async left 2 row(s) in auth_group *Use the async_rollback plugin*.",
    "E *: test_inner.py::test_thread left 1 row(s) in auth_group (database 'other')*Another*True).",
    "E *: test_inner.py::test_flushed left 1 row(s) in auth_user *flushed at the test's end*test.",
    "E *: test_inner.py::TestDjango::test_thread left 1 row(s) in auth_group (database 'other')*",
]


def test_a_test_that_leaves_rows_fails_with_their_number_and_the_cause(
    any_database: str, inner_suite: InnerSuite
) -> None:
    result = inner_suite(LEAKS, plugins=["leak_detector"], database=any_database)

    result.stdout.fnmatch_lines(REPORT)


def test_rows_that_were_there_or_are_rolled_back_are_nobodys_fault(
    any_database: str, inner_suite: InnerSuite
) -> None:
    result = inner_suite(INNOCENT, plugins=["leak_detector"], database=any_database)

    result.assert_outcomes(passed=4)
    result.stdout.no_fnmatch_line("*could not look*")


def leave_two_rows() -> None:
    Group.objects.create(name="one")
    Session.objects.create(session_key="one", expire_date=now())


@pytest.mark.django_db(transaction=True)
def test_it_names_tables_numbers_and_cause(request: pytest.FixtureRequest) -> None:
    detector = request.config.stash[detector_key]
    found = r"1 row\(s\) in auth_group \(.*'\), 1 row\(s\) in django_session \(.* flushed"

    with pytest.raises(LeakedRowsError, match=found), detector.watch(request.node):
        leave_two_rows()


@pytest.fixture
def likely_cause(request: pytest.FixtureRequest) -> str:
    """What the detector would say of the test."""
    return cause(request.node)


async def test_it_suspects_the_async_orm_of_an_async_test(likely_cause: str) -> None:
    assert likely_cause.startswith("The async ORM runs in another thread")


def test_it_suspects_other_threads_of_a_sync_test(likely_cause: str) -> None:
    assert likely_cause.startswith("Another thread, process or connection")


@pytest.mark.parametrize("fixture", ["transactional_db", "live_server"])
def test_it_suspects_what_outlives_a_test_that_is_flushed(fixture: str) -> None:
    item: Any = SimpleNamespace(fixturenames=[fixture], get_closest_marker=lambda name: None)

    assert cause(item).startswith("The database was flushed at the test's end")


@pytest.mark.django_db(transaction=True)
def test_what_is_switched_off_finds_nothing(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request.config.option, "no_leak_detector", True)

    with watch(request.node):
        leave_two_rows()

    assert Group.objects.exists()


def test_a_suite_can_switch_it_off(inner_suite: InnerSuite) -> None:
    result = inner_suite(LEAKS, "--no-leak-detector", plugins=["leak_detector"])

    result.assert_outcomes(passed=4)


def test_its_option_is_explained(inner_suite: InnerSuite) -> None:
    result = inner_suite(LEAKS, "--help", plugins=["leak_detector"])

    result.stdout.fnmatch_lines("*--no-leak-detector *look for rows that tests leave")


class DjangoTestCase(TestCase):
    def test_it_watches_a_test_case_of_django(self) -> None:
        Group.objects.create(name="rolled back")

        assert Group.objects.exists()
