"""Fails the test in which a thread or a task of an earlier test goes on.

A thread that nobody joined, or a task on a loop that several tests share, does not end with its
test. What it does to the database it does in a later one, which fails for it on some days and not
on others. With this plugin that one always fails, with an error that names the thread or the task,
its line, and the test that left it behind. Copy the file and name it in the root ``conftest.py``::

    pytest_plugins = ["leftovers"]

It needs no other file, and completes ``async_rollback``, which loads it if it lies beside it. What
is watched are the statements on Django's connections, and ``atomic`` blocks that are entered. A
thread of a pool may outlive a test, but not its work. What a fixture of a wider scope begins, for a
class, a module or the session, is no test's, and may go on.

Needs: pytest-django
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import os
import sys
import sysconfig
import threading
import traceback
import weakref
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import asgiref
import pytest
from django.db import transaction
from django.db.backends.signals import connection_created

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from django.db.backends.base.base import BaseDatabaseWrapper

POOLS = {  # where a thread waits for its next piece of work
    ("concurrent.futures.thread", "_worker"),
    ("multiprocessing.pool", "worker"),
    ("django.core.servers.basehttp", "handle_one_request"),
}
PYTHON, PACKAGES = sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")
PASSED_OVER = (os.path.dirname(asgiref.__file__), "<")
PLUGINS = ("leftovers.py", "async_rollback.py", "async_db.py")

tasks_key = pytest.StashKey[weakref.WeakSet[asyncio.Task[Any]]]()
born_in: ContextVar[pytest.Item | None] = ContextVar("born_in", default=None)
"""The test that a task comes from; what it calls in a thread has a copy of its context."""


class LeftoverError(BaseException):
    """A thread or a task of an earlier test has used the database.

    No ``Exception``, like pytest's own outcomes: code that handles those does not swallow it, and
    Django does not take the running test's transaction, which it never reached, for broken.
    """


class Watch:
    """Knows which test is running, and whose work goes on in threads."""

    def __init__(self) -> None:
        self.running: pytest.Item | None = None
        self.owners: dict[FrameType, pytest.Item | None] = {}
        """The frames in which threads began their present work: a test's, or nobody's."""
        self.errors: list[LeftoverError] = []

    def note(self, owner: pytest.Item | None) -> None:
        """Note what is at work in the threads, and whose it is if that is new."""
        began = [frame for frame in map(work_of, sys._current_frames().values()) if frame]
        self.owners = {frame: self.owners.get(frame, owner) for frame in began}

    def refuse(self) -> None:
        """Let nothing through that another test has left behind.

        Raises:
            LeftoverError: This thread, or the task that it works for, is such a thing.
        """
        owner = born_in.get()
        if owner is None and any(self.owners.values()):
            began = work_of(sys._getframe())
            owner = began and self.owners.get(began)
        if owner is None or owner is self.running or self.running is None:
            return
        tasks = [
            f"{task.get_name()!r} at {origin(getattr(task.get_coro(), 'cr_frame', None))}"
            for task in owner.stash.get(tasks_key, ())
            if not task.done()
        ]
        thread = f"Thread {threading.current_thread().name!r}"
        error = LeftoverError(
            f"{'Task ' + ' or '.join(tasks) if tasks else thread} of {owner.nodeid} goes on in "
            f"{self.running.nodeid}, at {origin()}: what it does to the database would be in the "
            "wrong test. Let its own test wait for it."
        )
        self.errors.append(error)
        raise error


watch = Watch()


def work_of(top: FrameType) -> FrameType | None:
    """Return the frame in which a thread's present work began; none, if it waits for some."""
    stack: list[FrameType] = []
    for frame, _ in traceback.walk_stack(top):
        if (frame.f_globals.get("__name__"), frame.f_code.co_name) in POOLS:
            break
        stack.append(frame)
    waits = not stack or stack[-1].f_globals.get("__name__") == "socket"
    return None if waits else stack[-1]


def origin(top: FrameType | None = None) -> str:
    """Return the project's line that led to a frame (default: here), or else a library's."""
    found = "a line of Python's own"
    for frame, line in traceback.walk_stack(top or sys._getframe()):
        file = frame.f_code.co_filename
        if file.startswith(PASSED_OVER) or os.path.basename(file) in PLUGINS:
            continue
        in_library = file.startswith(PACKAGES)  # which may lie in Python's own folder
        if in_library or not file.startswith(PYTHON):
            found = f"{file}:{line} in {frame.f_code.co_name}"
            if not in_library:
                break
    return found


def watch_statement(execute: Callable[..., Any], *args: Any) -> Any:
    """Execute a statement that no leftover makes (a wrapper for ``execute_wrappers``)."""
    watch.refuse()
    return execute(*args)


def receive_connection(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Receive ``connection_created``: watch a connection, which may be opened more than once."""
    if watch_statement not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch_statement)


@pytest.hookimpl(trylast=True)  # after async_rollback: what is refused does not wait for its turn
def pytest_configure() -> None:
    """Take hold of Django, once."""
    atomic: Any = transaction.Atomic
    enter = atomic.__enter__

    def enter_atomic(block: transaction.Atomic) -> None:
        watch.refuse()
        enter(block)

    atomic.__enter__ = enter_atomic
    connection_created.connect(receive_connection)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hold against a test what it leaves at work."""
    watch.running = item
    watch.note(None)
    born_in.set(item)
    try:
        return (yield)
    finally:
        born_in.set(None)
        watch.note(item)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
    """But not what a fixture of a wider scope begins."""
    if fixturedef.scope == "function":
        return (yield)
    token = born_in.set(None)
    try:
        return (yield)
    finally:
        born_in.reset(token)
        watch.note(None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Generator[None, object, object]:
    """Mark what an async test sets off, whoever runs it, and note the tasks that it leaves."""
    body = getattr(item, "obj", None)
    if not inspect.iscoroutinefunction(body):
        return (yield)

    @functools.wraps(body)
    async def marked(*args: Any, **kwargs: Any) -> Any:
        token = born_in.set(item)
        try:
            return await body(*args, **kwargs)
        finally:
            born_in.reset(token)
            item.stash[tasks_key] = weakref.WeakSet(asyncio.all_tasks())

    item.obj = marked
    try:
        return (yield)
    finally:
        item.obj = body


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the leftovers that a test's phase met, and let it fail for them if for nothing else."""
    report = yield
    errors, watch.errors = watch.errors, []
    report.sections += [("leftover of an earlier test", str(error)) for error in errors]
    if errors and report.passed:
        report.outcome = "failed"
        report.longrepr = f"{type(errors[0]).__name__}: {errors[0]}"
    return report
