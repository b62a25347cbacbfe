"""Async tests that roll back.

``@pytest.mark.django_db`` and Django's ``TestCase`` open a transaction on the connection of the
main thread. The async ORM runs in other threads, and Django gives each thread a connection of its
own: what an async test writes is committed, and found by the tests that follow (pytest-django
#580). What its synchronous fixtures wrote it cannot see, or waits for: "database table is locked".

This plugin has one idea. While such a transaction is open, ``django.db.connections`` answers with
*its* connection, whichever thread asks. So everything a test sets off is in one transaction, and
gone afterwards. Copy the file into a project and name it in the root ``conftest.py``; no test has
to change::

    pytest_plugins = ["async_rollback"]

It covers every form of ``django_db`` and ``TestCase`` with its class data, sync and async. Tests
with ``transaction=True`` and ``TransactionTestCase`` commit as ever; the connections that their
threads opened are closed when they end. It needs Django 5.2 to 6.1 and asgiref 3, and refuses to
start where it does not find what it takes hold of. If ``leftovers.py`` lies beside it, that is
loaded too: it fails a test in which a thread or a task of an earlier one goes on.

Threads take turns on a connection: for a statement, however long that takes, or for an ``atomic``
block. A block in which nothing happens while another thread waits is an error after
``rollback_lock_timeout`` seconds (ini file; default 5). A cursor may stay open beside the
statements of other threads, and is read between their blocks; they wait for the end of a ``COPY``.

Which threads get the connection can be chosen, with ``@pytest.mark.rollback_threads(choice)`` for a
test, and with ``rollback_threads = choice`` in the ini file: ``all`` (the default), or
``sensitive``, which are the main thread and the one where ``sync_to_async`` runs by default. If
another then opens a connection, the test fails. So one learns which code leaves that thread: in
production, it leaves the transaction with it.

What cannot be in the transaction, a connection opened by hand or used in a forked process, raises
``EscapedConnectionError``, and fails the test even if that is swallowed. Connections that the
driver opens by itself (``psycopg.connect``) are not seen.

Needs: pytest-asyncio, pytest-django
"""

from __future__ import annotations

import asyncio
import functools
import os
import sys
import sysconfig
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asgiref
import django
import pytest
from asgiref.sync import SyncToAsync
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.signals import connection_created
from django.db.backends.utils import CursorWrapper
from django.test import TestCase

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from types import FrameType

    from django.db.backends.base.base import BaseDatabaseWrapper

BESIDE = Path(__file__).with_name("leftovers.py")
pytest_plugins = [f"{__package__}.{BESIDE.stem}".removeprefix(".")] if BESIDE.exists() else []

THREADS = ("all", "sensitive")
PYTHON, PACKAGES = sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")
PASSED_OVER = (os.path.dirname(asgiref.__file__), "<")
PLUGINS = ("async_rollback.py", "async_db.py", "leftovers.py")


class EscapedConnectionError(AssertionError):
    """Something is not, or cannot be, part of the running test's transaction."""


class SharedConnection:
    """A connection in a test's transaction, on which all threads take turns."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.depths: list[int] = []
        """In how many blocks it was when the class began, and in how many when its test did."""
        self.lock = threading.RLock()
        self.blocks = 0
        self.holder: tuple[threading.Thread, float, str] | None = None
        """Which thread has entered blocks, since when (monotonic seconds) and at which line."""
        connection.inc_thread_sharing()
        connection.execute_wrappers.insert(0, self.take_turn)
        # Whoever closes "its" connection (Channels around each call, Django around each request, a
        # thread at its end) would end the transaction, and whoever opens it anew would leave it.
        self.patches = {"close": lambda: None, "connect": self.connect}
        vars(connection).update(self.patches)

    def release(self) -> None:
        """Give the connection back to its own thread."""
        for name in self.patches:
            vars(self.connection).pop(name, None)
        self.connection.execute_wrappers.remove(self.take_turn)
        self.connection.dec_thread_sharing()

    def connect(self) -> None:
        """Stand in for ``connect()``."""
        if self.connection.connection is None:
            type(self.connection).connect(self.connection)

    def acquire(self) -> None:
        """Take the lock, which the same thread may do repeatedly.

        Raises:
            EscapedConnectionError: Another thread holds a block, and does nothing in it.
        """
        while not self.lock.acquire(timeout=state.limit):
            if self.holder and self.holder[0].ident not in state.executing:
                thread, since, line = self.holder
                raise state.escape(
                    f"{me()} waited {state.limit:g} s at {origin()} for the test's connection "
                    f"{self.connection.alias!r}, which {thread.name!r} has held in an atomic block "
                    f"for {time.monotonic() - since:.1f} s, since {line}; it is now at "
                    f"{origin(sys._current_frames().get(thread.ident or 0))}. If that waits for "
                    "this thread, mark the test django_db(transaction=True); if it only takes its "
                    "time, set rollback_lock_timeout in the ini file."
                )

    def take_turn(self, execute: Callable[..., Any], *args: Any) -> Any:
        """Execute a statement (a wrapper for ``execute_wrappers``), or fetch rows of one."""
        self.acquire()
        try:
            self.wait_for_copy()
            state.executing.append(threading.get_ident())
            try:
                return execute(*args)
            finally:
                state.executing.remove(threading.get_ident())
        finally:
            self.lock.release()

    def wait_for_copy(self) -> None:
        """Wait while another thread is in a COPY, which passes by ``execute_wrappers``."""
        info = getattr(self.connection.connection, "info", None)  # psycopg's
        deadline = time.monotonic() + state.limit
        while getattr(getattr(info, "transaction_status", None), "name", None) == "ACTIVE":
            if time.monotonic() > deadline:
                raise state.escape(
                    f"{me()} waited {state.limit:g} s at {origin()} for the end of a COPY or a "
                    f"stream on {self.connection.alias!r}: read it to its end first."
                )
            time.sleep(0.002)

    def enter(self, block: transaction.Atomic) -> None:
        """Enter a block, and hold the lock until it is left: savepoints nest.

        The main thread does not hold it. Its blocks are those of fixtures, which last while others
        work; it leaves one when the others have left theirs.
        """
        self.acquire()
        try:
            django_enter(block)
        except BaseException:
            self.lock.release()
            raise
        if threading.get_ident() == state.main:
            self.lock.release()
        else:
            self.blocks += 1
            self.holder = self.holder or (threading.current_thread(), time.monotonic(), origin())

    def exit(self, block: transaction.Atomic, *error: Any) -> None:
        """Leave a block, and let go of the lock."""
        if block not in self.connection.atomic_blocks:
            raise state.escape(f"{me()} left a block of another transaction at {origin()}.")
        if threading.get_ident() == state.main:
            self.acquire()
        else:
            self.blocks -= 1
            self.holder = self.holder if self.blocks else None
        try:
            django_exit(block, *error)
        finally:
            self.lock.release()

    def settle(self, resting: threading.Thread) -> None:
        """Wait until the other threads are done, and roll back the blocks they left open."""
        try:
            if not (self.holder and self.holder[0] is resting):
                self.acquire()  # and keep it, until clean() puts another in its place
        finally:
            self.clean()
            if self.connection.vendor == "sqlite":  # whose is_usable() is true even when closed
                try:
                    self.connection.cursor().close()
                except Error:
                    self.connection.set_rollback(True)

    def clean(self) -> None:
        """Roll back all blocks but those which Django will roll back itself."""
        # A thread that ended, or rests, in a block of its own would keep the old lock for ever.
        self.lock, self.holder, self.blocks = threading.RLock(), None, 0
        while len(self.connection.atomic_blocks) > self.depths[-1]:
            self.connection.set_rollback(True)
            django_exit(self.connection.atomic_blocks[-1], None, None, None)


class State:
    """What is shared now, and with whom: nothing, or the connections of a class and its test."""

    limit: float
    threads: str
    sensitive: int
    """The thread where ``sync_to_async`` runs, if only that and the main one are to share."""

    def __init__(self) -> None:
        self.main, self.process = threading.get_ident(), os.getpid()
        self.shared: dict[str, SharedConnection] = {}
        self.executing: list[int] = []
        self.escapes: list[EscapedConnectionError] = []
        self.strays: list[BaseDatabaseWrapper] = []

    def begin(self, aliases: Iterable[str]) -> None:
        """Share connections, on each of which a transaction has just been opened."""
        for alias in aliases:
            if alias not in self.shared:
                self.shared[alias] = SharedConnection(connections[alias])
            shared = self.shared[alias]
            shared.depths.append(len(shared.connection.atomic_blocks))

    def settle(self) -> None:
        """Come to rest at the end of a test; a cancelled one may have left work behind."""
        resting = in_sensitive_thread(threading.current_thread)
        for shared in self.shared.values():
            shared.settle(resting)

    def end(self, aliases: Iterable[str]) -> None:
        """Share connections no longer: their transaction is rolled back next."""
        for alias in aliases:
            shared = self.shared[alias]
            shared.clean()
            shared.depths.pop()
            if not shared.depths:
                self.shared.pop(alias).release()

    def find(self, alias: str) -> SharedConnection | None:
        """Return the shared connection that this thread is to use, if there is one."""
        shared = self.shared.get(alias)
        if shared and os.getpid() != self.process:
            raise EscapedConnectionError(
                f"A forked process used the test's connection {alias!r} at {origin()}. Two "
                "processes cannot share one: mark the test django_db(transaction=True), and "
                "let the new process begin with connections.close_all()."
            )
        if shared and self.threads == "sensitive":
            return shared if threading.get_ident() in {self.main, self.sensitive} else None
        return shared

    def escape(self, text: str) -> EscapedConnectionError:
        """Return an error that fails the test even if it is swallowed."""
        self.escapes.append(EscapedConnectionError(text))
        return self.escapes[-1]


class Answers:
    """Stands in for ``connections._connections``, where Django keeps each thread's connections."""

    def __init__(self, local: Any) -> None:
        vars(self)["_local"] = local

    def __getattr__(self, alias: str) -> Any:
        shared = state.find(alias)
        return shared.connection if shared else getattr(self._local, alias)

    def __setattr__(self, alias: str, connection: BaseDatabaseWrapper) -> None:
        setattr(self._local, alias, connection)

    def __delattr__(self, alias: str) -> None:
        if alias not in state.shared or hasattr(self._local, alias):  # else it was given the test's
            delattr(self._local, alias)


state = State()
django_enter, django_exit = transaction.Atomic.__enter__, transaction.Atomic.__exit__
django_get_from_cursor = CursorWrapper.__getattr__


def enter_atomic(block: transaction.Atomic) -> None:
    """Stand in for ``Atomic.__enter__``."""
    shared = state.find(block.using or DEFAULT_DB_ALIAS)
    return shared.enter(block) if shared else django_enter(block)


def exit_atomic(block: transaction.Atomic, *error: Any) -> None:
    """Stand in for ``Atomic.__exit__``."""
    shared = state.find(block.using or DEFAULT_DB_ALIAS)
    return shared.exit(block, *error) if shared else django_exit(block, *error)


def get_from_cursor(cursor: CursorWrapper, name: str) -> Any:
    """Stand in for ``CursorWrapper.__getattr__``."""
    value = django_get_from_cursor(cursor, name)
    if name in {"fetchone", "fetchmany", "fetchall"}:
        shared = state.shared.get(cursor.db.alias)
        if shared and shared.connection is cursor.db:
            return functools.partial(shared.take_turn, value)
    return value


def install() -> None:
    """Take hold of Django, once: Python 3.13 gives a class no more than 1,000 versions.

    Raises:
        pytest.UsageError: Something is not where it was.
    """
    handler: Any = connections
    atomic: Any = transaction.Atomic
    case: Any = TestCase
    try:
        local, _ = handler._connections, SyncToAsync.single_thread_executor
        enter_atomics = case._enter_atomics.__func__
        rollback_atomics = case._rollback_atomics.__func__
        tear_down = case._fixture_teardown
    except AttributeError as error:
        raise pytest.UsageError(
            f"async_rollback is made for Django 5.2 to 6.1 and asgiref 3. In Django "
            f"{django.__version__} with asgiref {asgiref.__version__} it has nothing to take hold "
            f"of ({error}), and rows would stay: look for a newer version of the file."
        ) from None

    def enter_and_share(cls: type[TestCase]) -> Any:
        atomics = enter_atomics(cls)
        state.begin(atomics)
        return atomics

    def settle_and_tear_down(self: TestCase) -> None:  # which may begin with a query
        try:
            state.settle()
        finally:
            tear_down(self)

    def end_and_roll_back(cls: type[TestCase], atomics: Any) -> None:
        try:
            state.end(atomics)
        finally:
            rollback_atomics(cls, atomics)

    handler._connections = Answers(local)
    atomic.__enter__, atomic.__exit__ = enter_atomic, exit_atomic
    wrapper: Any = CursorWrapper
    wrapper.__getattr__ = get_from_cursor
    case._enter_atomics = classmethod(enter_and_share)
    case._rollback_atomics = classmethod(end_and_roll_back)
    case._fixture_teardown = settle_and_tear_down
    connection_created.connect(receive_connection)


def receive_connection(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Receive ``connection_created``: refuse what is outside, remember what must be closed."""
    shared = state.shared.get(connection.alias)
    if shared and shared.connection is not connection:
        close(connection)
        raise state.escape(
            f"{me()} opened a connection of its own to {connection.alias!r} at {origin()}. It is "
            "outside the test's transaction: it sees none of the test's rows, and what it writes "
            "stays. Go through django.db.connections (with rollback_threads('all') for work in "
            "other threads), or mark the test django_db(transaction=True)."
        )
    # In a coroutine, the connections even of the main thread are the task's.
    if not shared and (threading.get_ident() != state.main or asyncio._get_running_loop()):
        state.strays.append(connection)


def close(connection: BaseDatabaseWrapper) -> None:
    """Close a connection, whichever thread's it is, and even if it is to a database in memory."""
    connection.inc_thread_sharing()
    connection.close()
    connection.dec_thread_sharing()
    if connection.connection is not None:
        connection.connection.close()
        connection.connection = None


def close_strays() -> None:
    """Close the others: PostgreSQL drops no database that somebody is connected to."""
    if state.strays:
        in_sensitive_thread(int)
    while state.strays:
        close(state.strays.pop())


def in_sensitive_thread(function: Callable[[], Any]) -> Any:
    """Call a function where ``sync_to_async`` does by default, after what is queued there."""
    return SyncToAsync.single_thread_executor.submit(function).result(max(state.limit, 5))


def me() -> str:
    """Return the name of this thread."""
    return f"Thread {threading.current_thread().name!r}"


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


def pytest_addoption(parser: pytest.Parser) -> None:
    text = f"which threads get the connection of a test that rolls back: {' or '.join(THREADS)}"
    parser.addini("rollback_threads", text, default=THREADS[0])
    text = "seconds after which an atomic block that others wait for, and that rests, is an error"
    parser.addini("rollback_lock_timeout", text, default="5")


def pytest_configure(config: pytest.Config) -> None:
    text = "rollback_threads(choice): which threads get this test's connection, all or sensitive."
    config.addinivalue_line("markers", text)
    state.limit = float(config.getini("rollback_lock_timeout"))
    install()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Generator[None]:
    """Wrap pytest-django's fixture: leave no connection to the databases it destroys."""
    yield
    close_strays()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Choose the threads that get the test's connection: by its marker, or else the ini file."""
    marker = item.get_closest_marker("rollback_threads")
    state.threads = marker.args[0] if marker else item.config.getini("rollback_threads")
    if state.threads not in THREADS:
        text = f"rollback_threads is {state.threads!r}: choose one of {THREADS}"
        raise pytest.UsageError(text)
    if state.threads == "sensitive":
        state.sensitive = in_sensitive_thread(threading.get_ident)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """End a test."""
    try:
        return (yield)
    finally:
        close_strays()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the escapes of a test's phase, and let it fail for them if for nothing else."""
    report = yield
    escapes, state.escapes = state.escapes, []
    report.sections += [("escaped connection", str(escape)) for escape in escapes]
    if escapes and report.passed:
        report.outcome = "failed"
        report.longrepr = f"{type(escapes[0]).__name__}: {escapes[0]}"
    return report
