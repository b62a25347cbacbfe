"""Waiting for one's turn on the test's connection.

A thread waits for the others' statements, blocks and COPYs, and no longer than the limit for one
that rests. The trap is an error that names the wrong thread, which sends you to the wrong code.

Code: tests/plugins/async_rollback.py
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from tests.plugins import async_rollback
from tests.plugins.async_rollback import EscapedConnectionError, in_sensitive_thread, state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


@contextmanager
def held_in_another_thread() -> Iterator[None]:
    """Hold an atomic block in a thread meanwhile."""
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            transaction.atomic(count)()  # a block within the block, which is left
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


@pytest.mark.parametrize(
    "begin",
    [
        pytest.param(lambda: None, id="first_test_of_a_class"),
        pytest.param(state.settle, id="second_test_of_a_class"),
    ],
)
def test_a_block_that_rests_is_an_error_that_names_who_is_in_it_now(
    begin: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    begin()
    monkeypatch.setattr(state, "limit", 0.01)
    in_a_thread(transaction.atomic(count))  # was in a block, too, and has left it

    with (
        refused("Thread 'pool_0' waited 0.01 s at .*, which 'holder' has held in an atomic block"),
        held_in_another_thread(),
    ):
        in_a_thread(count)


def test_a_block_in_which_a_statement_runs_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    shared, waits = state.shared["default"], iter([False, False, True])
    monkeypatch.setattr(shared, "lock", SimpleNamespace(acquire=lambda timeout: next(waits)))
    monkeypatch.setattr(shared, "holder", (threading.current_thread(), 0.0, "a line"))
    monkeypatch.setattr(state, "executing", [threading.get_ident()])

    shared.acquire()

    assert next(waits, "all waited for") == "all waited for"


@pytest.mark.parametrize("method", ["fetchone", "fetchmany", "fetchall"])
def test_to_read_a_cursor_takes_a_turn(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "limit", 0.01)

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")

        with refused("Thread 'MainThread' waited 0.01 s"), held_in_another_thread():
            getattr(cursor, method)()


class Clock:
    """Stands in for ``time``: nothing passes but what is slept."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_copy_in_another_thread_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    states = iter(["ACTIVE", "INTRANS"])

    class Info:
        @property
        def transaction_status(self) -> object:
            return SimpleNamespace(name=next(states, "ACTIVE"))

    shared = state.shared["default"]
    monkeypatch.setattr(shared, "connection", SimpleNamespace(alias="a", connection=Info))
    monkeypatch.setattr(Info, "info", Info(), raising=False)
    monkeypatch.setattr(async_rollback, "time", Clock())
    monkeypatch.setattr(state, "limit", 0.01)

    assert shared.take_turn(lambda: "rows") == "rows"

    with refused(
        "Thread 'MainThread' waited 0.01 s at .* for the end of a COPY or a stream on 'a'"
    ):
        shared.take_turn(lambda: "rows")


def test_the_end_of_a_test_waits_for_the_block_of_another_thread() -> None:
    held, ended = threading.Event(), threading.Event()

    @transaction.atomic
    def end_is_seen_in_the_block() -> bool:
        held.set()
        return ended.wait(0.02)

    with ThreadPoolExecutor(1) as pool:
        seen = pool.submit(end_is_seen_in_the_block)
        held.wait()
        state.settle()
        ended.set()

    assert not seen.result()


def test_the_orms_thread_is_waited_for_however_short_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "limit", 0.0)

    assert in_sensitive_thread(lambda: threading.Event().wait(0.02) or "done") == "done"
