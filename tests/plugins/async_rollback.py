"""Async tests that roll back.

``@pytest.mark.django_db`` opens a transaction on the connection of pytest's own thread. The
async ORM runs in other threads, and Django gives each thread a connection of its own: what an
async test writes is committed, and found by the tests that follow (pytest-django #580). What
its synchronous fixtures wrote it cannot see, or waits for: "database table is locked".

This plugin has one idea. While a test that rolls back is running, ``django.db.connections``
answers with *the test's* connection, whichever thread asks. So everything the test sets off is
in one transaction, and gone afterwards. Copy the file into a project and name it in the root
``conftest.py``; no test has to change::

    pytest_plugins = ["async_rollback"]

Threads take turns: a lock is held for each statement, and for the length of an ``atomic`` block.
A test that needs real commits, or threads that do not see each other's work, keeps
``django_db(transaction=True)``; the connections its threads opened are closed at its end.

Each option can be set for a test (``@pytest.mark.rollback(threads="sensitive")``), for a run
(``--rollback-threads=sensitive``) or for a suite (``rollback_threads = sensitive`` in the ini
file):

``threads``
    ``all`` (the default): every thread gets the test's connection: ``asyncio.to_thread``,
    ``thread_sensitive=False``, a ``ThreadSensitiveContext`` and plain threads included.
    The default because most of what escapes a narrower cure comes from such threads, and
    a row missing there is hard to explain. ``sensitive``: pytest's thread and the one where
    ``sync_to_async`` runs by default; another that opens a connection fails the test. Choose it to
    learn which code leaves that thread, since in production it leaves the transaction with it.
``on_commit``
    ``discard`` (the default): hooks are kept and never run, as in ``django.test.TestCase``.
    ``run``: they run when the outermost ``atomic`` block of the test is left, in the
    thread that leaves it. A test which uses a fixture that captures hooks gets ``discard``.
``all``
    ``--rollback-all`` rolls back async tests that ask for ``transaction=True`` or
    ``transactional_db`` too, which is many times faster. Those that must commit then
    fail: mark them ``@pytest.mark.real_transaction``.

A connection which the test's transaction cannot reach (one opened by hand, or by a forked process)
raises ``EscapedConnectionError`` where it is opened.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import os
import sysconfig
import threading
import traceback
import unittest
from typing import TYPE_CHECKING, Any
from unittest import mock

import asgiref
import django.test
import pytest
from asgiref.sync import SyncToAsync
from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.backends.signals import connection_created
from django.db.utils import ConnectionHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_TIMEOUT = 5.0
"""Seconds that a thread waits for its turn before it gives up with an error."""

logger = logging.getLogger("django.db.backends.base")  # where Django reports robust hooks


class EscapedConnectionError(AssertionError):
    """A connection was opened that the test's transaction does not reach."""


def _caller() -> str:
    """Return the project's line that led here, or where a thread entered a library."""
    python = (sysconfig.get_path("stdlib"), os.path.dirname(asgiref.__file__), __file__, "<")
    stack = [f for f in traceback.extract_stack() if not f.filename.startswith(python)]
    ours = [f for f in stack if not f.filename.startswith(sysconfig.get_path("purelib"))]
    frame = ours[-1] if ours else stack[0]
    return f"{frame.filename}:{frame.lineno} in {frame.name}"


class SharedConnections:
    """Gives the connections of the thread that enters it to the others, until it is left.

    Args:
        threads: ``"all"`` or ``"sensitive"``.
        on_commit: ``"discard"`` or ``"run"``.
    """

    def __init__(self, threads: str, on_commit: str) -> None:
        self.owner, self.process = threading.get_ident(), os.getpid()
        self.threads, self.on_commit = threads, on_commit
        self.connections = {alias: connections[alias] for alias in connections}
        self.depth = {alias: len(c.atomic_blocks) for alias, c in self.connections.items()}
        self.lock, self.holder = threading.RLock(), ""
        self.escapes: list[EscapedConnectionError] = []
        self.was_shared = False
        self.members = {self.owner}
        self.stack = contextlib.ExitStack()
        self.django_getitem = ConnectionHandler.__getitem__
        self.django_enter = transaction.Atomic.__enter__
        self.django_exit = transaction.Atomic.__exit__

    def __enter__(self) -> SharedConnections:
        if self.threads == "sensitive":
            executor = SyncToAsync.single_thread_executor
            self.members.add(executor.submit(threading.get_ident).result())
        # Plain functions: patched onto a class, they must bind to its instances.
        patches: dict[Any, dict[str, Any]] = {
            ConnectionHandler: {"__getitem__": lambda h, alias: self.answer(h, alias)},
            transaction.Atomic: {
                "__enter__": lambda block: self.enter_atomic(block),
                "__exit__": lambda block, *error: self.exit_atomic(block, *error),
            },
        }
        for alias, connection in self.connections.items():
            connection.inc_thread_sharing()
            self.stack.callback(connection.dec_thread_sharing)
            patches[connection] = {
                # Whoever closes "its" connection (Channels around each call, Django around
                # each request, a thread at its end) would end the test's transaction.
                "close": lambda: None,
                "on_commit": self.commit_hook_runner(alias, connection.on_commit),
                "execute_wrappers": [self.take_turns, *connection.execute_wrappers],
            }
        for target, attributes in patches.items():
            self.stack.enter_context(mock.patch.multiple(target, **attributes))
        connection_created.connect(self.refuse_escape, weak=False)
        self.stack.callback(connection_created.disconnect, self.refuse_escape)
        return self

    def __exit__(self, *error: object) -> None:
        with self.stack:
            if self.was_shared:  # let the work that a cancelled test left behind come to its end
                SyncToAsync.single_thread_executor.submit(self.let_go).result(LOCK_TIMEOUT)
            try:
                self.acquire()  # and keep it: whoever comes now is too late
            finally:
                for alias, connection in self.connections.items():
                    self.clean(connection, self.depth[alias])

    def let_go(self) -> None:
        """Release what this thread holds, because it left an ``atomic`` block open."""
        with contextlib.suppress(RuntimeError):  # it holds nothing (more)
            while True:
                self.lock.release()

    def clean(self, connection: BaseDatabaseWrapper, depth: int) -> None:
        """Leave a connection such that the test's own block can be rolled back."""
        while len(connection.atomic_blocks) > depth:
            connection.set_rollback(True)
            self.django_exit(connection.atomic_blocks[-1], None, None, None)
        if depth and connection.vendor == "sqlite":  # of which Django believes it is always usable
            try:
                connection.cursor().close()
            except Error:
                connection.set_rollback(True)

    def answer(self, handler: ConnectionHandler, alias: str) -> BaseDatabaseWrapper:
        """Stand in for ``connections[alias]``."""
        thread = threading.get_ident()
        shared = handler is connections and alias in self.connections
        if not shared or (self.threads == "sensitive" and thread not in self.members):
            return self.django_getitem(handler, alias)
        if os.getpid() != self.process:
            raise EscapedConnectionError(
                f"A forked process used the test's connection {alias!r} at {_caller()}. Two "
                "processes cannot share one: mark the test django_db(transaction=True), and "
                "call connections.close_all() first in the new process."
            )
        self.was_shared = self.was_shared or thread != self.owner
        return self.connections[alias]

    def refuse_escape(self, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
        """Receive ``connection_created``: only the test's own connections may be opened."""
        if connection in self.connections.values():
            return
        close(connection)
        escape = EscapedConnectionError(
            f"Thread {threading.current_thread().name!r} opened a connection of its own to "
            f"{connection.alias!r} at {_caller()}. It is outside the test's transaction: it sees "
            "none of the test's rows, and what it writes stays. Go through "
            "django.db.connections (and choose rollback(threads='all') for work in other "
            "threads), or mark the test django_db(transaction=True)."
        )
        self.escapes.append(escape)
        raise escape

    @contextlib.contextmanager
    def turn(self) -> Generator[None]:
        """Hold the lock; fail, naming both sides, where waiting would be for ever."""
        self.acquire()
        try:
            yield
        finally:
            self.lock.release()

    def acquire(self) -> None:
        """Take the lock, which the same thread may do repeatedly."""
        me = threading.current_thread().name
        if not self.lock.acquire(timeout=LOCK_TIMEOUT):
            raise EscapedConnectionError(
                f"Thread {me!r} waited {LOCK_TIMEOUT:g} s at {_caller()} for the test's "
                f"connection, which {self.holder!r} holds in an atomic block. If that block "
                "waits for this thread, mark the test django_db(transaction=True)."
            )
        self.holder = me

    def take_turns(self, execute: Callable[..., Any], *args: Any) -> Any:
        """Execute one statement (a wrapper for ``connection.execute_wrappers``)."""
        with self.turn():
            return execute(*args)

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
        """Leave a block, and with the outermost one run what waited for its commit."""
        if threading.get_ident() == self.owner:
            self.acquire()
        try:
            self.django_exit(block, *error)
        finally:
            self.lock.release()
        if error[0] is None:
            self.run_commit_hooks(block.using or DEFAULT_DB_ALIAS)

    def commit_hook_runner(self, alias: str, on_commit: Callable[..., None]) -> Callable[..., None]:
        """Return an ``on_commit`` that runs the hook at once when no block is open."""

        def register(func: Callable[[], object], robust: bool = False) -> None:
            on_commit(func, robust)
            self.run_commit_hooks(alias)

        return register

    def run_commit_hooks(self, alias: str) -> None:
        """Do what Django does after a commit, if the test would have committed now."""
        connection = self.connections[alias]
        open_blocks = len(connection.atomic_blocks) > self.depth[alias]
        if self.on_commit != "run" or open_blocks or connection.needs_rollback:
            return
        hooks: list[Any] = connection.run_on_commit
        connection.run_on_commit = []
        for _, hook, robust in hooks:
            try:
                hook()
            except Exception as error:
                if not robust:
                    raise
                message = "Error calling %s in on_commit() (%s)."
                logger.exception(message, getattr(hook, "__qualname__", hook), error)


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
    """Receive ``connection_created``: no test's end closes what other threads open."""
    if threading.current_thread() is not threading.main_thread() or _in_event_loop():
        strays.append(connection)


def close_strays() -> None:
    """Close them: PostgreSQL drops no database that somebody is connected to."""
    while strays:
        close(strays.pop())


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class RollbackTestCase(django.test.TestCase):
    """What stands in for ``TransactionTestCase`` under ``--rollback-all``.

    Like pytest-django's own, it leaves out the class-wide transaction: each class is one test.
    """

    @classmethod
    def setUpClass(cls) -> None:
        super(django.test.TestCase, cls).setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super(django.test.TestCase, cls).tearDownClass()


OPTIONS = {"threads": ("all", "sensitive"), "on_commit": ("discard", "run")}
CAPTURING = {"django_capture_on_commit_callbacks", "acapture_on_commit_callbacks"}
shared_key = pytest.StashKey[SharedConnections]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("rollback", "async tests that roll back")
    for name, choices in OPTIONS.items():
        text = f"default of the rollback marker's {name}: {' or '.join(choices)}"
        group.addoption(f"--rollback-{name.replace('_', '-')}", choices=choices, help=text)
        parser.addini(f"rollback_{name}", text, default=choices[0])
    text = "roll back async tests that ask for transaction=True, but for real_transaction"
    group.addoption("--rollback-all", action="store_true", help=text)
    parser.addini("rollback_all", text, type="bool", default=False)


def pytest_configure(config: pytest.Config) -> None:
    for line in (
        "rollback(threads, on_commit): how this test shares its transaction.",
        "real_transaction: --rollback-all leaves this test its transaction=True.",
    ):
        config.addinivalue_line("markers", line)
    connection_created.connect(remember_stray)


def option(item: pytest.Item, name: str) -> str:
    """Return a test's choice: its marker's, the command line's or the ini file's."""
    marker = item.get_closest_marker("rollback")
    value = (
        (marker and marker.kwargs.get(name))
        or item.config.getoption(f"rollback_{name}")
        or item.config.getini(f"rollback_{name}")
    )
    if value not in OPTIONS[name]:
        raise pytest.UsageError(f"rollback {name}={value!r}: choose from {OPTIONS[name]}")
    return str(value)


def rolls_back_instead(item: pytest.Function) -> bool:
    """Whether this test asks for ``transaction=True`` and is to be rolled back all the same."""
    marker = item.get_closest_marker("django_db")
    return (
        (item.config.getoption("rollback_all") or item.config.getini("rollback_all"))
        and inspect.iscoroutinefunction(item.function)
        and not item.get_closest_marker("real_transaction")
        and not {"live_server", "django_db_reset_sequences"} & set(item.fixturenames)
        and not (marker and marker.kwargs.get("reset_sequences"))
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Generator[None]:
    """Wrap pytest-django's fixture: leave no connection to the databases it destroys."""
    yield
    close_strays()


@pytest.fixture
def _rollback_case(request: pytest.FixtureRequest) -> Generator[Any]:
    """Let pytest-django choose a ``TestCase`` where it would flush."""
    with contextlib.ExitStack() as patches:
        if rolls_back_instead(request.node):
            patches.enter_context(
                mock.patch.object(django.test, "TransactionTestCase", RollbackTestCase)
            )
        yield patches


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest,
    _rollback_case: contextlib.ExitStack,
    _django_db_helper: None,
) -> Generator[None]:
    """Wrap the fixture in which pytest-django opens a test's transaction: share it meanwhile."""
    _rollback_case.close()
    is_unittest = issubclass(request.cls or object, unittest.TestCase)
    open_connections = connections.all(initialized_only=True)
    if is_unittest or not any(connection.in_atomic_block for connection in open_connections):
        yield
    else:
        on_commit = option(request.node, "on_commit")
        if CAPTURING & set(request.fixturenames):
            on_commit = "discard"
        with SharedConnections(option(request.node, "threads"), on_commit) as shared:
            request.node.stash[shared_key] = shared
            yield
    close_strays()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail the test for an escape that the code under test swallowed."""
    result = yield
    if shared_key in item.stash and item.stash[shared_key].escapes:
        raise item.stash[shared_key].escapes[0]
    return result
