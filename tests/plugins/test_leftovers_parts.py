"""What tells a leftover from what may go on.

The same behaviour as in the small suites, part by part and in this process: useful when one of
those fails, or when you change ``leftovers`` for a project of your own.

Code: tests/plugins/leftovers.py
"""

from __future__ import annotations

import asyncio
import re
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from tests.plugins.leftovers import (
    LeftoverError,
    born_in,
    pytest_runtest_makereport,
    pytest_runtest_protocol,
    receive_connection,
    tasks_key,
    watch,
    watch_statement,
    work_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.django_db


@contextmanager
def refused(match: str) -> Iterator[pytest.ExceptionInfo[LeftoverError]]:
    """Expect a leftover, which is then not held against the test."""
    with pytest.raises(LeftoverError, match=match) as refusal:
        yield refusal
    watch.errors.clear()


@pytest.fixture
def earlier() -> Any:
    """Stand for an earlier test."""
    return SimpleNamespace(nodeid="test_earlier", stash=pytest.Stash())


@pytest.fixture
def born_earlier(earlier: Any) -> Iterator[None]:
    """Be a task of an earlier test."""
    token = born_in.set(earlier)
    yield
    born_in.reset(token)


def count() -> int:
    return Group.objects.count()


def test_a_statement_of_an_earlier_test_is_refused_with_its_line(born_earlier: None) -> None:
    with refused(r"Thread 'MainThread' of test_earlier goes on in .*_parts\.py:\d+ in count"):
        count()


def test_a_block_of_an_earlier_test_is_refused_before_it_begins(born_earlier: None) -> None:
    depth = len(connection.atomic_blocks)

    with refused("of test_earlier goes on in"):
        transaction.atomic(savepoint=False).__enter__()

    assert len(connection.atomic_blocks) == depth


def test_whose_task_it_is_counts_also_while_threads_are_at_work(
    born_earlier: None, earlier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "owners", {sys._getframe(): earlier})

    with refused("of test_earlier goes on"):
        count()


def test_what_is_refused_breaks_no_transaction(born_earlier: None) -> None:
    with refused("of test_earlier goes on in"):
        Group.objects.create(name="late")

    assert not connection.needs_rollback


async def test_the_tasks_that_were_left_and_are_not_done_are_named(
    earlier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait_in_it() -> None:
        await asyncio.Event().wait()

    tasks = [
        asyncio.create_task(wait_in_it(), name="late"),
        asyncio.create_task(asyncio.sleep(0), name="done"),
        asyncio.create_task(asyncio.Event().wait(), name="in Python"),
    ]
    await tasks[1]
    earlier.stash[tasks_key] = WeakSet(tasks)
    token = born_in.set(earlier)

    with refused(r"^Task '.+' at .+ or '.+' at .+ of test_earlier goes on in") as refusal:
        await Group.objects.acount()

    assert re.search(r"'late' at \S*_parts\.py:\d+ in wait_in_it\b", str(refusal.value))
    assert "'done'" not in str(refusal.value)
    born_in.reset(token)
    for task in tasks:
        task.cancel()


@contextmanager
def counting_late() -> Iterator[Callable[[], int]]:
    """Have work begun in a pool meanwhile, and give a function that lets it end."""
    started, go = threading.Event(), threading.Event()

    def count_late() -> int:
        started.set()
        go.wait()
        return count()

    with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:
        work = pool.submit(count_late)
        started.wait()

        def end() -> int:
            go.set()
            return work.result()

        try:
            yield end
        finally:
            go.set()
        assert pool.submit(count).result() == 0  # the next piece of work is nobody's leftover


def test_work_that_a_test_leaves_in_a_pool_is_refused_and_the_next_is_not(earlier: Any) -> None:
    with counting_late() as end:
        watch.note(earlier)

        with refused(r"Thread 'pool_0' of test_earlier goes on in .*_parts\.py:\d+ in count"):
            end()


def test_work_that_began_before_a_test_is_not_its_own(
    earlier: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "running", watch.running)
    with counting_late() as end:
        test = pytest_runtest_protocol(earlier)
        next(test)
        with pytest.raises(StopIteration):
            test.send(None)
        monkeypatch.undo()

        assert end() == 0


def frame(module: str, name: str, caller: Any = None) -> Any:
    code = SimpleNamespace(co_name=name)
    return SimpleNamespace(f_globals={"__name__": module}, f_code=code, f_back=caller, f_lineno=1)


def test_a_server_that_waits_for_a_request_is_not_at_work() -> None:
    server = frame("django.core.servers.basehttp", "handle_one_request")
    request = frame("wsgiref.handlers", "run", server)

    assert work_of(frame("socket", "readinto", server)) is None
    assert work_of(frame("shop.views", "count", request)) is request


def test_a_connection_is_watched_before_all_else_and_once_if_it_is_opened_twice() -> None:
    connection: Any = SimpleNamespace(execute_wrappers=[print])

    receive_connection(connection)
    receive_connection(connection)

    assert connection.execute_wrappers == [watch_statement, print]


def test_a_leftover_that_was_swallowed_fails_the_phase_that_would_have_passed() -> None:
    report: Any = SimpleNamespace(sections=[], passed=True, outcome="passed", longrepr=None)
    hook = pytest_runtest_makereport()
    next(hook)
    watch.errors.append(LeftoverError("one"))

    with pytest.raises(StopIteration):
        hook.send(report)

    assert (report.outcome, report.longrepr) == ("failed", "LeftoverError: one")
    assert report.sections == [("leftover of an earlier test", "one")]
