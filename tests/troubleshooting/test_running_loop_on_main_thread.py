"""A browser that leaves an event loop running.

Playwright's sync API keeps its event loop running on the main thread until it is stopped, and the
``page`` fixture stops it at the end of the *session*. From then on every sync query raises as if it
were in a coroutine, and every async test fails, depending on the order.

Message: Runner.run() cannot be called from a running event loop
Message: playwright._impl._errors.Error: It looks like you are using Playwright Sync API inside the
    asyncio loop.
Message: RuntimeError: asyncio.run() cannot be called from a running event loop
Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the test is no coroutine; a browser test (Playwright) ran before it
Cure: pytest-playwright-asyncio; or run the browser's tests in a pytest process of their own
Seen on: Python 3.11 and 3.13, Django 5.2.19 and 6.1.3, pytest-asyncio 1.5.0
Upstream: https://github.com/microsoft/playwright-pytest/issues/167
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import SynchronousOnlyOperation

from users.models import User


@contextmanager
def browser() -> Iterator[None]:
    """Do what Playwright does to the thread, without a browser."""
    loop = asyncio.new_event_loop()
    asyncio._set_running_loop(loop)
    yield
    asyncio._set_running_loop(None)
    loop.close()


@pytest.mark.django_db
def test_a_sync_query_raises_while_the_browser_is_open() -> None:
    with browser(), pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an"):
        User.objects.exists()


def test_an_async_test_cannot_start_while_the_browser_is_open() -> None:
    waiting = asyncio.sleep(0)

    with (
        asyncio.Runner() as runner,
        browser(),
        pytest.raises(RuntimeError, match=r"Runner\.run\(\) cannot be called from a running event"),
    ):
        runner.run(waiting)
    waiting.close()


@pytest.mark.django_db
def test_both_work_once_it_is_closed() -> None:
    with browser():
        pass

    assert not User.objects.exists()
    asyncio.run(asyncio.sleep(0))
