"""Async tests that roll back.

``@pytest.mark.django_db`` opens a transaction on the connection of pytest's own thread. The
async ORM runs in other threads, and Django gives each thread a connection of its own: what an
async test writes is committed, and found by the tests that follow (pytest-django #580). What its
synchronous fixtures wrote it cannot see, or waits for: "database table is locked".

This plugin has one idea. While a test that rolls back is running, ``django.db.connections``
answers with *the test's* connection, whichever thread asks. So everything the test sets off is
in one transaction, and gone afterwards. Copy the file into a project and name it in the root
``conftest.py``; no test has to change::

    pytest_plugins = ["async_rollback"]

Threads take turns: a lock is held for each statement, and for the length of an ``atomic`` block.
A test that needs real commits, or threads that do not see each other's work, keeps
``django_db(transaction=True)``; the connections that its threads opened are closed at its end.

Which threads get the connection can be chosen for a test, with
``@pytest.mark.rollback_threads("all")``, and for a suite, with ``rollback_threads = all`` in the
ini file:

``all`` (the default)
    Every thread: those of ``asyncio.to_thread``, ``thread_sensitive=False`` and a
    ``ThreadSensitiveContext``, and plain ones. The default, because most of what escapes a narrower
    cure comes from these, as rows that are missing without a word.
``sensitive``
    Pytest's thread, and the one where ``sync_to_async`` runs by default. If another opens a
    connection, the test fails. Choose it to learn which code leaves that thread: in production, it
    leaves the transaction with it.

What the test's transaction cannot reach, a connection of Django's opened by hand or used in a
forked process, raises ``EscapedConnectionError`` there, and fails the test even if that is
swallowed. One of the driver's (``psycopg.connect``) is not seen; ``leak_detector`` sees its rows.

``async_db``, beside this file, adds commit hooks, twins of pytest-django's fixtures for coroutines,
and ``--rollback-all`` to move a suite.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sysconfig
import threading
import traceback
from typing import TYPE_CHECKING, Any
from unittest import mock

import asgiref
import pytest
from asgiref.sync import SyncToAsync
from django.db import Error, connections, transaction
from django.db.backends.signals import connection_created
from django.db.utils import ConnectionHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_TIMEOUT = 5.0
"""Seconds after which waiting for another thread is an error."""

THREADS = ("all", "sensitive")


class EscapedConnectionError(AssertionError):
    """A connection was opened or awaited that cannot be part of the test's transaction."""


class SharedConnections:
    """Gives the connections of the thread that enters it to the others, until it is left.

    Args:
        threads: ``"all"`` or ``"sensitive"``.
    """

    def __init__(self, threads: str) -> None:
        self.threads = threads
        self.connections = {alias: connections[alias] for alias in connections}
        self.depths = {alias: len(c.atomic_blocks) for alias, c in self.connections.items()}
        self.owner, self.process = threading.get_ident(), os.getpid()
        self.users = {self.owner}
        self.lock, self.holder = threading.RLock(), ""
        self.escapes: list[EscapedConnectionError] = []
        self.patches = contextlib.ExitStack()
        self.django_getitem = ConnectionHandler.__getitem__
        self.django_enter = transaction.Atomic.__enter__
        self.django_exit = transaction.Atomic.__exit__

    def __enter__(self) -> SharedConnections:
        if self.threads == "sensitive":
            self.users.add(in_sensitive_thread(threading.get_ident))
        # Functions, not methods: only these bind to the instances of a class they are put on.
        self.patch(ConnectionHandler, __getitem__=lambda *args: self.answer(*args))
        self.patch(
            transaction.Atomic,
            __enter__=lambda block: self.enter_atomic(block),
            __exit__=lambda block, *error: self.exit_atomic(block, *error),
        )
        for connection in self.connections.values():
            connection.inc_thread_sharing()
            self.patches.callback(connection.dec_thread_sharing)
            self.patch(
                connection,
                # Whoever closes "its" connection (Channels around each call, Django around each
                # request, a thread at its end) would end the test's transaction.
                close=lambda: None,
                execute_wrappers=[self.take_turn, *connection.execute_wrappers],
            )
        connection_created.connect(self.refuse_escape)
        self.patches.callback(connection_created.disconnect, self.refuse_escape)
        return self

    def patch(self, target: object, **attributes: Any) -> None:
        """Replace attributes of a class or an object until the end."""
        self.patches.enter_context(mock.patch.multiple(target, **attributes))

    def __exit__(self, *error: object) -> None:
        with self.patches:
            try:
                if self.users != {self.owner}:  # a cancelled test may have left work behind
                    in_sensitive_thread(self.let_go)
                self.acquire()  # and keep it: whoever comes now comes too late
            finally:
                for alias, connection in self.connections.items():
                    self.clean(connection, self.depths[alias])

    def let_go(self) -> None:
        """Release what this thread holds, because it left an ``atomic`` block open."""
        with contextlib.suppress(RuntimeError):  # it holds nothing (more)
            while True:
                self.lock.release()

    def clean(self, connection: BaseDatabaseWrapper, depth: int) -> None:
        """Leave a connection such that pytest-django can roll it back."""
        while len(connection.atomic_blocks) > depth:
            connection.set_rollback(True)
            self.django_exit(connection.atomic_blocks[-1], None, None, None)
        if depth and connection.vendor == "sqlite":  # whose is_usable() is true even when closed
            try:
                connection.cursor().close()
            except Error:
                connection.set_rollback(True)

    def answer(self, handler: ConnectionHandler, alias: str) -> BaseDatabaseWrapper:
        """Stand in for ``connections[alias]``."""
        thread = threading.get_ident()
        if handler is not connections or alias not in self.connections:
            return self.django_getitem(handler, alias)
        if thread not in self.users:
            if self.threads == "sensitive":
                return self.django_getitem(handler, alias)
            self.users.add(thread)
        if os.getpid() != self.process:
            raise EscapedConnectionError(
                f"A forked process used the test's connection {alias!r} at {origin()}. Two "
                "processes cannot share one: mark the test django_db(transaction=True), and "
                "let the new process begin with connections.close_all()."
            )
        return self.connections[alias]

    def refuse_escape(self, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
        """Receive ``connection_created``: only the test's own connections may be opened."""
        if connection in self.connections.values():
            return
        close(connection)
        escape = EscapedConnectionError(
            f"Thread {threading.current_thread().name!r} opened a connection of its own to "
            f"{connection.alias!r} at {origin()}. It is outside the test's transaction: it sees "
            "none of the test's rows, and what it writes stays. Go through "
            "django.db.connections (with rollback_threads('all') for work in other threads), "
            "or mark the test django_db(transaction=True)."
        )
        self.escapes.append(escape)
        raise escape

    def acquire(self) -> None:
        """Take the lock, which the same thread may do repeatedly.

        Raises:
            EscapedConnectionError: names both threads if the other one does not let go.
        """
        thread = threading.current_thread().name
        if not self.lock.acquire(timeout=LOCK_TIMEOUT):
            raise EscapedConnectionError(
                f"Thread {thread!r} waited {LOCK_TIMEOUT:g} s at {origin()} for the test's "
                f"connection, which {self.holder!r} holds in an atomic block. If that block "
                "waits for this thread, mark the test django_db(transaction=True)."
            )
        self.holder = thread

    def take_turn(self, execute: Callable[..., Any], *args: Any) -> Any:
        """Execute one statement (a wrapper for ``connection.execute_wrappers``)."""
        self.acquire()
        try:
            return execute(*args)
        finally:
            self.lock.release()

    def enter_atomic(self, block: transaction.Atomic) -> None:
        """Enter a block, and hold the lock until it is left.

        Savepoints nest, so threads may not interleave them. The owner does not hold it: its
        blocks are those of fixtures, which last while others work.
        """
        self.acquire()
        try:
            self.django_enter(block)
        except BaseException:
            self.lock.release()
            raise
        if threading.get_ident() == self.owner:
            self.lock.release()

    def exit_atomic(self, block: transaction.Atomic, *error: Any) -> None:
        """Leave a block, and let go of the lock."""
        if threading.get_ident() == self.owner:
            self.acquire()
        try:
            self.django_exit(block, *error)
        finally:
            self.lock.release()


def origin() -> str:
    """Return the project's line that led here, or where a thread entered a library."""
    python = (sysconfig.get_path("stdlib"), os.path.dirname(asgiref.__file__), __file__, "<")
    stack = [f for f in traceback.extract_stack() if not f.filename.startswith(python)]
    ours = [f for f in stack if not f.filename.startswith(sysconfig.get_path("purelib"))]
    frame = ours[-1] if ours else stack[0]
    return f"{frame.filename}:{frame.lineno} in {frame.name}"


def in_sensitive_thread(function: Callable[[], Any]) -> Any:
    """Call a function where ``sync_to_async`` does by default, after what is queued there."""
    return SyncToAsync.single_thread_executor.submit(function).result(LOCK_TIMEOUT)


def close(connection: BaseDatabaseWrapper) -> None:
    """Close a connection, whichever thread's it is, and even if it is to a database in memory."""
    connection.inc_thread_sharing()
    connection.close()
    connection.dec_thread_sharing()
    if connection.connection is not None:
        connection.connection.close()
        connection.connection = None


strays: list[BaseDatabaseWrapper] = []


def remember_stray(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    """Receive ``connection_created``: Django's tests close only the main thread's."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        if threading.current_thread() is threading.main_thread():
            return
    strays.append(connection)


def close_strays() -> None:
    """Close the others: PostgreSQL drops no database that somebody is connected to."""
    if strays:
        in_sensitive_thread(int)
    while strays:
        close(strays.pop())


shared_key = pytest.StashKey[SharedConnections]()


def pytest_addoption(parser: pytest.Parser) -> None:
    text = f"which threads get the connection of a test that rolls back: {' or '.join(THREADS)}"
    parser.addini("rollback_threads", text, default=THREADS[0])


def pytest_configure(config: pytest.Config) -> None:
    text = "rollback_threads(choice): which threads get this test's connection, all or sensitive."
    config.addinivalue_line("markers", text)
    connection_created.connect(remember_stray)


def chosen_threads(item: pytest.Item) -> str:
    """Return what the test's marker says, or the suite's ini file."""
    marker = item.get_closest_marker("rollback_threads")
    choice = marker.args[0] if marker else item.config.getini("rollback_threads")
    if choice not in THREADS:
        raise pytest.UsageError(f"rollback_threads is {choice!r}: choose one of {THREADS}")
    return str(choice)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Generator[None]:
    """Wrap pytest-django's fixture: leave no connection to the databases it destroys."""
    yield
    close_strays()


@pytest.fixture
def _django_db_helper(request: pytest.FixtureRequest, _django_db_helper: None) -> Generator[None]:
    """Wrap the fixture in which pytest-django opens a test's transaction: share it meanwhile."""
    opened = connections.all(initialized_only=True)
    if any(connection.in_atomic_block for connection in opened):
        with SharedConnections(chosen_threads(request.node)) as shared:
            request.node.stash[shared_key] = shared
            yield
    else:
        yield
    close_strays()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail the test for an escape that the code under test swallowed."""
    result = yield
    if shared_key in item.stash and item.stash[shared_key].escapes:
        raise item.stash[shared_key].escapes[0]
    return result
