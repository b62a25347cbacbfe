"""A decorator that prepares the database, on an async test.

A context manager as a decorator wraps the test in a sync function: it would be left before the
coroutine begins, and pytest does not even take the result for an async test. Django's own kind of
decorator does wait for the coroutine, but is entered in the event loop, where the ORM refuses.

Message: async def functions are not natively supported.
Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the test has a decorator, and passes or gets further without it
Cure: an async fixture; or enter the context manager inside the test, in a thread
Seen on: Python 3.11 and 3.13, Django 5.2.19 and 6.1.3, pytest 9.2.0
Upstream: https://docs.python.org/3/library/contextlib.html#contextlib.ContextDecorator
"""

import asyncio
import inspect
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core.exceptions import SynchronousOnlyOperation
from django.test import utils

pytestmark = pytest.mark.django_db


@contextmanager
def chemists() -> Iterator[None]:
    Group.objects.create(name="Chemists")
    yield
    Group.objects.filter(name="Chemists").delete()


class Chemists(utils.TestContextDecorator):
    """The same, as ``override_settings`` and Django's other decorators are made."""

    def enable(self) -> None:
        Group.objects.create(name="Chemists")


async def count_groups() -> int:
    return await Group.objects.acount()


def test_a_decorated_test_is_no_coroutine_function_any_more() -> None:
    assert not inspect.iscoroutinefunction(chemists()(count_groups))


def test_the_context_is_left_before_the_coroutine_begins() -> None:
    coroutine = chemists()(count_groups)()

    assert asyncio.run(coroutine) == 0


async def test_a_decorator_of_djangos_kind_is_entered_in_the_loop() -> None:
    decorated = Chemists()(count_groups)

    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        await decorated()


@pytest.fixture
async def group() -> Group:
    return await Group.objects.acreate(name="Chemists")


async def test_a_fixture_prepares_in_time(group: Group) -> None:
    assert await count_groups() == 1


async def test_a_context_manager_may_be_entered_in_a_thread() -> None:
    context = chemists()

    await sync_to_async(context.__enter__)()
    during = await count_groups()
    await sync_to_async(context.__exit__)(None, None, None)

    assert (during, await count_groups()) == (1, 0)
