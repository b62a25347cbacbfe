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
from django.db import Error, connection, connections, transaction
from django.db.utils import ConnectionHandler
from django.test import TestCase

from tests.plugins.async_rollback import (
    EscapedConnectionError,
    close,
    close_strays,
    in_sensitive_thread,
    install,
    pytest_runtest_makereport,
    pytest_runtest_setup,
    receive_connection,
    state,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db


@contextmanager
def refused(match: str) -> Iterator[None]:
    """Expect an escape, which is then not held against the test."""
    with pytest.raises(EscapedConnectionError, match=match):
        yield
    state.escapes.clear()


def in_a_thread(function: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
        return pool.submit(function).result()


def count() -> int:
    return Group.objects.count()


@pytest.mark.rollback_threads("sensitive")
def test_a_thread_outside_the_choice_is_refused_with_its_line_and_the_cure() -> None:
    with refused(r"'pool_0' opened a connection of its own .*_parts\.py:\d+ in count.*'all'"):
        in_a_thread(count)


def test_a_choice_that_there_is_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    config = SimpleNamespace(getini=lambda name: "many")
    item: Any = SimpleNamespace(get_closest_marker=lambda name: None, config=config)
    monkeypatch.setattr(state, "threads", "")

    with pytest.raises(pytest.UsageError, match=r"is 'many': choose one of \('all', 'sensitive'\)"):
        pytest_runtest_setup(item)


def test_an_escape_that_was_swallowed_fails_the_phase_that_would_have_passed() -> None:
    report: Any = SimpleNamespace(sections=[], passed=True, outcome="passed", longrepr=None)
    hook = pytest_runtest_makereport()
    next(hook)
    state.escape("one")

    with pytest.raises(StopIteration):
        hook.send(report)

    assert (report.outcome, report.longrepr) == ("failed", "EscapedConnectionError: one")
    assert report.sections == [("escaped connection", "one")]


def test_a_process_that_was_forked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "process", 0)

    with refused("A forked process used the test's connection 'default'"):
        Group.objects.count()

    monkeypatch.setattr(state, "process", os.getpid())


def test_a_block_that_rests_is_an_error_for_those_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "limit", 0.01)

    with (
        refused(r"'pool_0' waited 0.01 s at .*, which 'holder' has held in an atomic block"),
        held_in_another_thread(),
    ):
        in_a_thread(count)


@contextmanager
def held_in_another_thread() -> Iterator[None]:
    """Hold an atomic block in a thread meanwhile."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            held.set()
            release.wait()

    thread = threading.Thread(target=hold, name="holder")
    thread.start()
    held.wait()
    try:
        yield
    finally:
        release.set()
        thread.join()


def test_a_block_in_which_a_statement_runs_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    shared, waits = state.shared["default"], iter([False, False, True])
    monkeypatch.setattr(shared, "lock", SimpleNamespace(acquire=lambda timeout: next(waits)))
    monkeypatch.setattr(shared, "holder", (threading.current_thread(), 0.0, "a line"))
    monkeypatch.setattr(state, "executing", [threading.get_ident()])

    shared.acquire()

    assert next(waits, "all waited for") == "all waited for"


def test_a_copy_in_another_thread_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    states = iter(["ACTIVE", "INTRANS"])

    class Info:
        @property
        def transaction_status(self) -> object:
            return SimpleNamespace(name=next(states, "ACTIVE"))

    shared = state.shared["default"]
    monkeypatch.setattr(shared, "connection", SimpleNamespace(alias="a", connection=Info))
    monkeypatch.setattr(Info, "info", Info(), raising=False)
    monkeypatch.setattr(state, "limit", 0.01)

    shared.wait_for_copy()

    with refused("waited 0.01 s at .* for the end of a COPY or a stream on 'a'"):
        shared.wait_for_copy()


def test_a_block_left_open_is_rolled_back() -> None:
    depth = len(connection.atomic_blocks)
    transaction.atomic().__enter__()
    Group.objects.create(name="in the block")

    state.settle()

    assert len(connection.atomic_blocks) == depth
    assert not Group.objects.exists()


def test_a_block_that_the_orms_thread_left_open_is_rolled_back() -> None:
    depth = len(connection.atomic_blocks)
    in_sensitive_thread(transaction.atomic().__enter__)

    state.settle()

    assert len(connection.atomic_blocks) == depth
    assert in_sensitive_thread(count) == 0


def test_a_class_goes_on_sharing_when_its_test_ends() -> None:
    state.begin(["default"])

    state.end(["default"])

    assert in_a_thread(count) == 0
    assert "default" in state.shared


def test_a_block_of_another_transaction_is_refused() -> None:
    block = transaction.atomic()

    with refused("left a block of another transaction at .*_parts.py"):
        block.__exit__(None, None, None)


def test_a_broken_connection_is_left_for_rollback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise Error

    monkeypatch.setattr(connection, "vendor", "sqlite")  # says that it is always usable
    monkeypatch.setattr(connection, "cursor", fail)

    state.settle()

    assert connection.needs_rollback


def test_other_databases_tell_themselves_that_a_connection_is_broken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql")

    state.settle()

    assert not connection.needs_rollback


def test_another_connection_handler_is_left_alone() -> None:
    assert ConnectionHandler(connections.settings)["default"] is not connections["default"]


def test_a_block_that_cannot_be_entered_does_not_keep_the_lock() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        transaction.atomic(durable=True).__enter__()

    assert in_a_thread(count) == 0


def test_a_shared_connection_may_be_opened_late(monkeypatch: pytest.MonkeyPatch) -> None:
    shared = state.shared["default"]
    opened: list[object] = []
    monkeypatch.setattr(type(shared.connection), "connect", opened.append)

    receive_connection(shared.connection)
    shared.connect()
    monkeypatch.setattr(shared.connection, "connection", None)
    shared.connect()

    assert opened == [shared.connection]


def test_a_handlers_own_places_can_be_set_and_cleared() -> None:
    other = connections["default"].copy("other")

    connections["other"] = other
    assert connections["other"] is other
    del connections["other"]

    assert not hasattr(connections._connections, "other")  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_a_thread_can_clear_a_place_that_the_tests_connection_stands_in_for() -> None:
    def clear() -> object:
        del connections["default"]
        return connections["default"]

    assert in_a_thread(clear) is connections["default"]


@pytest.mark.django_db(transaction=True)
def test_the_connections_of_other_threads_are_closed_at_the_end() -> None:
    in_a_thread(count)
    [opened] = state.strays

    close_strays()

    assert opened.connection is None


def test_what_the_main_thread_opens_by_another_name_is_its_own_affair() -> None:
    receive_connection(connections["default"].copy("another"))

    assert (state.escapes, state.strays) == ([], [])


def test_a_connection_that_was_never_opened_can_be_closed() -> None:
    another = connections["default"].copy("another")

    close(another)

    assert another.connection is None


def test_it_does_not_start_where_it_has_no_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(TestCase, "_enter_atomics")

    with pytest.raises(pytest.UsageError, match=r"nothing to take hold of .*_enter_atomics"):
        install()
