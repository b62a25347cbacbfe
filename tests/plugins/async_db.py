"""Commit hooks, query counts and real transactions for async tests that roll back.

Completes ``async_rollback``, and works without it. Copy the file and name it after that one in the
root ``conftest.py``: ``pytest_plugins = ["async_rollback", "async_db"]``.

**Twins.** In a coroutine, ``django_assert_num_queries`` raises ``SynchronousOnlyOperation``, and
``django_capture_on_commit_callbacks`` captures nothing, or runs the hooks in the event loop: the
ORM is at work in another thread. The twins are entered and left there::

    async with aassert_num_queries(2): ...
    async with aassert_max_num_queries(2): ...
    async with acapture_on_commit_callbacks(execute=True) as callbacks: ...

**Commit hooks.** A test that rolls back never commits, so its ``on_commit`` hooks never run. With
``@pytest.mark.run_on_commit``, or ``run_on_commit = true`` in the ini file, they run when the
outermost ``atomic`` block of their own thread is left, and at once if that has none open. The ini
file does not speak for a test which captures them, nor for one marked ``run_on_commit(False)``.
``TestCase`` classes are left alone: they have ``captureOnCommitCallbacks(execute=True)``.

**Moving a suite.** ``pytest --rollback-all`` rolls back async tests that ask for
``transaction=True`` or ``transactional_db`` too, and runs their commit hooks. Those that must
commit then fail: mark them ``@pytest.mark.real_transaction``.

Needs: pytest-asyncio, pytest-django
"""

from __future__ import annotations

import inspect
import logging
import sys
import threading
from collections import Counter
from contextlib import (
    AbstractContextManager,
    ExitStack,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from typing import TYPE_CHECKING, Any
from unittest import mock

import django.test
import pytest
import pytest_django.fixtures
import pytest_django.plugin
from asgiref.sync import sync_to_async
from django.db import DEFAULT_DB_ALIAS, connections, transaction

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterable
    from contextlib import AbstractAsyncContextManager
    from typing import TypeVar

    from django.db.backends.base.base import BaseDatabaseWrapper

    AsyncTwin = Callable[..., AbstractAsyncContextManager[Any]]
    T = TypeVar("T")

logger = logging.getLogger("django.db.backends.base")  # where Django reports robust hooks


@asynccontextmanager
async def in_orm_thread(context: AbstractContextManager[T]) -> AsyncGenerator[T]:
    """Enter and leave a context manager in the thread that the async ORM runs in.

    Args:
        context: any synchronous context manager.

    Yields:
        What the context manager gives.
    """
    value = await sync_to_async(context.__enter__)()
    try:
        yield value
    except BaseException as error:
        if not await sync_to_async(context.__exit__)(type(error), error, error.__traceback__):
            raise
    else:
        await sync_to_async(context.__exit__)(None, None, None)


def _counter(context_factory: Callable[..., AbstractContextManager[Any]]) -> AsyncTwin:
    def count(num: int, **options: Any) -> AbstractAsyncContextManager[Any]:
        # `django.db.connection` is each thread's own: read in the test it would show no query.
        if "connection" not in options:
            options.setdefault("using", DEFAULT_DB_ALIAS)
        return in_orm_thread(context_factory(num, **options))

    return count


@pytest.fixture
def aassert_num_queries(django_assert_num_queries: Any) -> AsyncTwin:
    """``django_assert_num_queries`` as an async context manager; options by their names."""
    return _counter(django_assert_num_queries)


@pytest.fixture
def aassert_max_num_queries(django_assert_max_num_queries: Any) -> AsyncTwin:
    """``django_assert_max_num_queries`` as an async context manager, likewise."""
    return _counter(django_assert_max_num_queries)


@pytest.fixture
def acapture_on_commit_callbacks(django_capture_on_commit_callbacks: Any) -> AsyncTwin:
    """``django_capture_on_commit_callbacks`` as an async context manager, likewise."""
    return lambda **options: in_orm_thread(django_capture_on_commit_callbacks(**options))


class Hook:
    """A commit hook, and the thread whose block it waits for."""

    def __init__(self, function: Callable[[], object]) -> None:
        self.function = function
        self.thread = threading.get_ident()

    def __call__(self) -> object:
        return self.function()


class CommitHooks:
    """Runs commit hooks where they would run if the blocks open at its beginning were not there."""

    def __init__(self) -> None:
        # How many blocks each thread has open on each database.
        self.depths: Counter[tuple[str, int]] = Counter()

    def install(self) -> None:
        """Take hold of ``Atomic``, once: Python 3.13 gives a class no more than 1,000 versions."""
        atomic: Any = transaction.Atomic
        enter, leave = atomic.__enter__, atomic.__exit__

        def enter_atomic(block: transaction.Atomic) -> None:
            enter(block)
            self.depths[block.using or DEFAULT_DB_ALIAS, threading.get_ident()] += 1

        def exit_atomic(block: transaction.Atomic, *error: Any) -> None:
            alias, thread = block.using or DEFAULT_DB_ALIAS, threading.get_ident()
            self.depths[alias, thread] -= 1
            leave(block, *error)
            if not self.depths[alias, thread]:
                run(self.take(connections[alias], thread))

        atomic.__enter__, atomic.__exit__ = enter_atomic, exit_atomic

    def take(self, connection: BaseDatabaseWrapper, thread: int) -> list[Any]:
        """Take from a connection the hooks of a thread that it has not dropped."""
        waiting = connection.run_on_commit
        mine = [hook for hook in waiting if getattr(hook[1], "thread", None) == thread]
        for hook in mine:  # in place: other threads may add theirs meanwhile
            waiting.remove(hook)
        return [] if connection.needs_rollback else mine

    @contextmanager
    def running(self) -> Generator[None]:
        """Run hooks from here on, on the connections that are in a transaction now."""
        opened = [connection for connection in connections.all() if connection.in_atomic_block]
        self.depths.clear()
        for connection in opened:
            vars(connection)["on_commit"] = self.register_for(connection)
        yield
        for connection in opened:
            del vars(connection)["on_commit"]

    def register_for(self, connection: BaseDatabaseWrapper) -> Callable[..., None]:
        """Return what stands in for ``connection.on_commit``."""
        on_commit = connection.on_commit

        def register(func: Callable[[], object], robust: bool = False) -> None:
            if self.depths[connection.alias, threading.get_ident()]:
                on_commit(Hook(func), robust)
            else:
                run([(set(), func, robust)])

        return register


commit_hooks = CommitHooks()


def run(hooks: Iterable[Any]) -> None:
    """Run commit hooks as Django does: an error ends it, unless the hook is robust."""
    for _, hook, robust in hooks:
        try:
            hook()
        except Exception as error:
            if not robust:
                raise
            function = getattr(hook, "function", hook)
            name = getattr(function, "__qualname__", function)
            logger.exception("Error calling %s in on_commit() (%s).", name, error)


class RollbackTestCase(django.test.TestCase):
    """What stands in for ``TransactionTestCase`` under ``--rollback-all``.

    Like pytest-django's own, it leaves out the transaction around the class: that is one test.
    """

    @classmethod
    def setUpClass(cls) -> None:
        super(django.test.TestCase, cls).setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super(django.test.TestCase, cls).tearDownClass()


def pytest_addoption(parser: pytest.Parser) -> None:
    text = "run on_commit hooks in tests that roll back"
    parser.addini("run_on_commit", text, type="bool")
    text = "roll back async tests that ask for transaction=True, except real_transaction ones"
    parser.addoption("--rollback-all", action="store_true", help=text)


@pytest.hookimpl(trylast=True)  # after async_rollback: hooks run when its lock is free
def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(pytest_django.fixtures, "_django_db_helper"):
        raise pytest.UsageError(
            "async_db wraps pytest-django's _django_db_helper, which this version of it does not "
            "have: look for a newer version of this file, or no commit hook would run."
        )
    plugins = [plugin for _, plugin in config.pluginmanager.list_name_plugin()]
    if plugins.index(sys.modules[__name__]) < plugins.index(pytest_django.plugin):
        raise pytest.UsageError(
            "async_db is loaded before pytest-django, whose fixtures then take the place of its "
            "own: name it in pytest_plugins of the root conftest.py, not with -p."
        )
    commit_hooks.install()
    text = "run_on_commit(choice=True): whether on_commit hooks run although the test rolls back."
    config.addinivalue_line("markers", text)
    text = "real_transaction: --rollback-all leaves this test its transaction=True."
    config.addinivalue_line("markers", text)


def runs_hooks(request: pytest.FixtureRequest) -> bool:
    """Whether commit hooks run in this test: as its marker says, or else the suite."""
    if issubclass(request.cls or object, django.test.TestCase):
        return False
    marker = request.node.get_closest_marker("run_on_commit")
    if marker:
        return all(marker.args)
    chosen = request.config.getini("run_on_commit") or rolls_back_instead(request)
    return chosen and "django_capture_on_commit_callbacks" not in request.fixturenames


def rolls_back_instead(request: pytest.FixtureRequest) -> bool:
    """Whether this test asks for ``transaction=True``, and is to be rolled back all the same."""
    marker = request.node.get_closest_marker("django_db")
    asks = (marker and marker.kwargs.get("transaction")) or (
        "transactional_db" in request.fixturenames
    )
    return bool(
        asks
        and request.config.getoption("rollback_all")
        and inspect.iscoroutinefunction(getattr(request.node, "function", None))
        and not request.node.get_closest_marker("real_transaction")
        and not {"live_server", "django_db_reset_sequences"} & set(request.fixturenames)
        and not (marker and marker.kwargs.get("reset_sequences"))
    )


@pytest.fixture
def _rollback_case(request: pytest.FixtureRequest) -> Generator[ExitStack]:
    """Let pytest-django find a ``TestCase`` where it looks for the one that flushes."""
    with ExitStack() as patches:
        if rolls_back_instead(request):
            case = mock.patch.object(django.test, "TransactionTestCase", RollbackTestCase)
            patches.enter_context(case)
        yield patches


@pytest.fixture
def _django_db_helper(
    request: pytest.FixtureRequest, _rollback_case: ExitStack, _django_db_helper: None
) -> Generator[None]:
    """Wrap the fixture in which pytest-django opens a test's transaction."""
    _rollback_case.close()
    with commit_hooks.running() if runs_hooks(request) else nullcontext():
        yield
