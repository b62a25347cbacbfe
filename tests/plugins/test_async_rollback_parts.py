"""What sharing a connection must not break.

The same behaviour as in the small suites, part by part and in this process: useful when one of
those fails, or when you change ``async_rollback`` for a project of your own.
Code: tests/plugins/async_rollback.py
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.db import connections
from django.db.utils import ConnectionHandler
from django.test import TestCase

from tests.plugins.async_rollback import (
    EscapedConnectionError,
    SharedConnection,
    close,
    install,
    pytest_runtest_makereport,
    pytest_runtest_setup,
    state,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

pytestmark = pytest.mark.django_db


@contextmanager
def refused(match: str) -> Iterator[None]:
    """Expect an escape, which is then not held against the test."""
    with pytest.raises(EscapedConnectionError, match=f"^{match}"):
        yield
    state.escapes.clear()


def in_a_thread(function: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
        return pool.submit(function).result()


def count() -> int:
    return Group.objects.count()


@pytest.fixture
def another() -> Iterator[BaseDatabaseWrapper]:
    """Another connection to the test's database, by a name of its own."""
    another = connections["default"].copy("another")
    yield another
    close(another)


@pytest.mark.rollback_threads("sensitive")
def test_a_thread_outside_the_choice_is_refused_with_its_line_and_the_cure() -> None:
    with refused(
        r"Thread 'pool_0' opened a connection of its own .*_parts\.py:\d+ in count.*'all'"
    ):
        in_a_thread(count)


def test_a_choice_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    config = SimpleNamespace(getini=lambda name: "many")
    item: Any = SimpleNamespace(get_closest_marker=lambda name: None, config=config)
    monkeypatch.setattr(state, "threads", "")

    with pytest.raises(pytest.UsageError, match=r"^rollback_threads is 'many': choose one"):
        pytest_runtest_setup(item)


@pytest.mark.parametrize(
    ("outcome", "error", "shown"),
    [
        pytest.param("passed", None, "EscapedConnectionError: one", id="that_would_have_passed"),
        pytest.param("failed", "LookupError", "LookupError", id="with_its_error_that_it_keeps"),
    ],
)
def test_an_escape_that_was_swallowed_fails_the_phase(
    outcome: str, error: str | None, shown: str
) -> None:
    report: Any = SimpleNamespace(
        sections=[], passed=outcome == "passed", outcome=outcome, longrepr=error
    )
    hook = pytest_runtest_makereport()
    next(hook)
    state.escape("one")

    with pytest.raises(StopIteration):
        hook.send(report)

    assert (report.outcome, report.longrepr) == ("failed", shown)
    assert report.sections == [("escaped connection", "one")]


def test_a_process_that_was_forked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "process", 0)

    with refused("A forked process used the test's connection 'default'"):
        Group.objects.count()

    monkeypatch.setattr(state, "process", os.getpid())


def test_another_connection_handler_is_left_alone() -> None:
    assert ConnectionHandler(connections.settings)["default"] is not connections["default"]


def test_a_handlers_own_places_can_be_set_and_cleared() -> None:
    other = connections["default"].copy("other")

    connections["other"] = other
    assert connections["other"] is other
    del connections["other"]

    with pytest.raises(AttributeError):
        del connections["other"]


def test_a_thread_can_clear_a_place_that_the_tests_connection_stands_in_for() -> None:
    def clear() -> object:
        del connections["default"]
        return connections["default"]

    assert in_a_thread(clear) is connections["default"]


def test_what_wraps_statements_already_is_within_the_turn(another: BaseDatabaseWrapper) -> None:
    turns = []

    def note(execute: Callable[..., object], *args: object) -> object:
        turns.append(state.executing.copy())
        return execute(*args)

    another.execute_wrappers.append(note)
    SharedConnection(another)

    with another.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert turns == [[threading.get_ident()]]


def test_a_connection_that_is_given_back_is_its_own_threads_again(
    another: BaseDatabaseWrapper,
) -> None:
    SharedConnection(another).release()

    assert not another.allow_thread_sharing
    assert another.execute_wrappers == []
    assert {"close", "connect"}.isdisjoint(vars(another))


def test_it_does_not_start_where_it_has_no_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(TestCase, "_enter_atomics")

    with pytest.raises(pytest.UsageError, match=r"nothing to take hold of .*_enter_atomics"):
        install()
