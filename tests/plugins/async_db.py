"""Twins, for coroutines, of pytest-django's fixtures that look at the database connection.

``with django_assert_num_queries(2):`` in a coroutine raises ``SynchronousOnlyOperation``, and
``with django_capture_on_commit_callbacks():`` captures nothing: both look at the connection of the
thread they are entered in, and the ORM runs in another. The twins are entered and left there::

    async with aassert_num_queries(2): ...
    async with acapture_on_commit_callbacks(execute=True) as callbacks: ...
"""

from __future__ import annotations

from contextlib import AbstractContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from asgiref.sync import sync_to_async

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from contextlib import AbstractAsyncContextManager

    AsyncTwin = Callable[..., AbstractAsyncContextManager[Any]]

T = TypeVar("T")


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
