"""Connections that are opened beside the transaction, and closed.

A thread that opens one keeps it, and PostgreSQL drops no test database that somebody is connected
to. The rollback plugin closes what a test with ``transaction=True`` or a fixture's teardown leaves
open, whichever thread's it is. The trap is one opened by hand, which is refused.

Code: tests/plugins/async_rollback.py
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from asgiref.sync import SyncToAsync
from django.contrib.auth.models import Group
from django.db import DatabaseError, connections

from tests.plugins.async_rollback import (
    EscapedConnectionError,
    close,
    close_strays,
    receive_connection,
    state,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.backends.base.base import BaseDatabaseWrapper

    from tests.plugins.inner_suite import InnerSuite

pytestmark = pytest.mark.django_db

STRAYS = """
import threading

import pytest
from django.contrib.auth.models import Group
from django.db import connections

opened = []

def count_in_a_thread():
    thread = threading.Thread(target=count)
    thread.start()
    thread.join()
    assert opened[-1].connection

def count():
    opened.append(connections["default"])
    Group.objects.count()

@pytest.fixture(scope="session")
def see_it_closed():
    yield
    assert opened[-1].connection is None

@pytest.fixture(scope="session")
def counts_at_the_end(see_it_closed, django_db_setup, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        count_in_a_thread()

@pytest.mark.django_db(transaction=True)
def test_counts(counts_at_the_end):
    count_in_a_thread()

def test_sees_it_closed():
    assert opened[-1].connection is None
"""


def test_they_are_closed_after_each_test_and_before_the_database_goes(
    inner_suite: InnerSuite,
) -> None:
    result = inner_suite(STRAYS, plugins=["async_rollback"])

    result.assert_outcomes(passed=2)


def in_a_thread(function: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


@pytest.fixture
def another() -> BaseDatabaseWrapper:
    """Another connection to the test's database, by a name of its own."""
    return connections["default"].copy("another")


@pytest.mark.django_db(transaction=True)
def test_a_connection_of_another_thread_is_closed_and_stays_that_threads() -> None:
    in_a_thread(Group.objects.count)
    [opened] = state.strays
    at_the_driver = opened.connection

    close_strays()

    assert opened.connection is None
    with pytest.raises(opened.Database.Error):  # type: ignore[attr-defined]  # the driver
        at_the_driver.cursor()
    with pytest.raises(DatabaseError, match="created in a thread"):
        opened.validate_thread_sharing()


def test_a_backend_closes_its_connection_in_its_own_way_first(
    another: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []
    monkeypatch.setattr(another, "close", lambda: closed.append("it goes back to its pool"))

    close(another)

    assert closed == ["it goes back to its pool"]


def test_nothing_is_closed_while_the_orms_thread_is_at_work(
    another: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = threading.Event()
    monkeypatch.setattr(another, "close", closed.set)
    monkeypatch.setattr(state, "strays", [another])
    closed_meanwhile = SyncToAsync.single_thread_executor.submit(closed.wait, 0.02)

    close_strays()

    assert closed.is_set()
    assert not closed_meanwhile.result()


def test_a_connection_by_hand_is_refused_and_closed() -> None:
    by_hand = connections["default"].copy()

    with pytest.raises(EscapedConnectionError, match=r"^Thread 'MainThread' opened a connection"):
        by_hand.ensure_connection()

    state.escapes.clear()
    assert by_hand.connection is None


def test_what_the_main_thread_opens_by_another_name_is_its_own_affair(
    another: BaseDatabaseWrapper,
) -> None:
    receive_connection(another)

    assert (state.escapes, state.strays) == ([], [])


async def test_what_a_coroutine_opens_by_another_name_is_closed(
    another: BaseDatabaseWrapper,
) -> None:
    receive_connection(another)

    assert state.strays == [another]


def test_the_tests_own_connection_may_be_opened_late_by_any_thread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shared = state.shared["default"]
    opened: list[object] = []
    monkeypatch.setattr(type(shared.connection), "connect", opened.append)

    in_a_thread(lambda: receive_connection(shared.connection))
    shared.connect()
    monkeypatch.setattr(shared.connection, "connection", None)
    shared.connect()

    assert opened == [shared.connection]
    assert state.strays == []
