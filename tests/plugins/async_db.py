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
outermost ``atomic`` block of the test is left, in the thread that leaves it, and at once if no
block is open. The ini file does not speak for a test which captures them, nor for one marked
``run_on_commit(False)``.

**Moving a suite.** ``pytest --rollback-all`` rolls back async tests that ask for
``transaction=True`` or ``transactional_db`` too, which is many times faster. Those that must
commit then fail: mark them ``@pytest.mark.real_transaction``.
"""

from __future__ import annotations

import inspect
import logging
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from unittest import mock

import django.test
import pytest
from asgiref.sync import sync_to_async
from django.db import DEFAULT_DB_ALIAS, connections, transaction

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator, Iterable
    from contextlib import AbstractAsyncContextManager

    AsyncTwin = Callable[..., AbstractAsyncContextManager[Any]]

T = TypeVar("T")

CAPTURING = {"django_capture_on_commit_callbacks", "acapture_on_commit_callbacks"}

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


def _twin(context_factory: Callable[..., AbstractContextManager[Any]]) -> AsyncTwin:
    return lambda *args, **kwargs: in_orm_thread(context_factory(*args, **kwargs))


@pytest.fixture
def aassert_num_queries(django_assert_num_queries: Any) -> AsyncTwin:
    """``django_assert_num_queries`` as an async context manager, with the same arguments."""
    return _twin(django_assert_num_queries)


@pytest.fixture
def aassert_max_num_queries(django_assert_max_num_queries: Any) -> AsyncTwin:
    """``django_assert_max_num_queries`` as an async context manager, with the same arguments."""
    return _twin(django_assert_max_num_queries)


@pytest.fixture
def acapture_on_commit_callbacks(django_capture_on_commit_callbacks: Any) -> AsyncTwin:
    """``django_capture_on_commit_callbacks`` as an async context manager, likewise."""
    return _twin(django_capture_on_commit_callbacks)


@contextmanager
def running_commit_hooks() -> Generator[None]:
    """Run commit hooks where they would run if the blocks open by now were not there."""
    depths = {alias: len(connections[alias].atomic_blocks) for alias in connections}
    django_exit = transaction.Atomic.__exit__

    def exit_atomic(block: transaction.Atomic, *error: Any) -> None:
        alias = block.using or DEFAULT_DB_ALIAS
        connection = connections[alias]
        hooks: Iterable[Any] = []
        if len(connection.atomic_blocks) == depths[alias] + 1:
            commits = error[0] is None and not connection.needs_rollback
            hooks = connection.run_on_commit if commits else []
            connection.run_on_commit = []
        django_exit(block, *error)
        run(hooks)

    def register_in_block(alias: str, on_commit: Callable[..., None]) -> Callable[..., None]:
        def register(func: Callable[[], object], robust: bool = False) -> None:
            with transaction.atomic(using=alias, savepoint=False):  # outermost if no other is open
                on_commit(func, robust)

        return register

    with ExitStack() as patches:
        patches.enter_context(mock.patch.object(transaction.Atomic, "__exit__", exit_atomic))
        for alias in depths:
            connection = connections[alias]
            register = register_in_block(alias, connection.on_commit)
            patches.enter_context(mock.patch.object(connection, "on_commit", register))
        yield


def run(hooks: Iterable[Any]) -> None:
    """Run commit hooks as Django does: an error ends it, unless the hook is robust."""
    for _, hook, robust in hooks:
        try:
            hook()
        except Exception as error:
            if not robust:
                raise
            name = getattr(hook, "__qualname__", hook)
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
    parser.addini("run_on_commit", text, type="bool", default=False)
    text = "roll back async tests that ask for transaction=True, except real_transaction ones"
    parser.addoption("--rollback-all", action="store_true", help=text)


def pytest_configure(config: pytest.Config) -> None:
    text = "run_on_commit(choice=True): whether on_commit hooks run although the test rolls back."
    config.addinivalue_line("markers", text)
    text = "real_transaction: --rollback-all leaves this test its transaction=True."
    config.addinivalue_line("markers", text)


def runs_hooks(request: pytest.FixtureRequest) -> bool:
    """Whether commit hooks run in this test: as its marker says, or else the ini file."""
    marker = request.node.get_closest_marker("run_on_commit")
    if marker:
        return all(marker.args)
    return request.config.getini("run_on_commit") and not CAPTURING & set(request.fixturenames)


def rolls_back_instead(request: pytest.FixtureRequest) -> bool:
    """Whether this test, if it asks for ``transaction=True``, is to be rolled back all the same."""
    marker = request.node.get_closest_marker("django_db")
    return (
        request.config.getoption("rollback_all")
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
    opened = connections.all(initialized_only=True)
    if runs_hooks(request) and any(connection.in_atomic_block for connection in opened):
        with running_commit_hooks():
            yield
    else:
        yield
