"""A transaction in a coroutine.

Django has no async ``atomic``. A transaction belongs to a connection, a connection to a thread,
and between two ``await`` another coroutine may use both. So the whole block goes into one sync
function, which cannot be interrupted.

Message: 'Atomic' object does not support the asynchronous context manager protocol
Message: AttributeError: __aenter__ (before Python 3.11)
Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line is `with transaction.atomic()`
Cure: `await sync_to_async(function)()`, with `with transaction.atomic()` inside the function
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm
"""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.db import transaction

from users.models import User

pytestmark = pytest.mark.django_db


async def test_async_with_atomic_raises() -> None:
    atomic: Any = transaction.atomic()

    with pytest.raises(TypeError, match="'Atomic' object does not support the asynchronous"):
        async with atomic:
            ...


async def test_a_plain_with_atomic_raises_too() -> None:
    with (
        pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"),
        transaction.atomic(),
    ):
        ...


async def test_a_block_in_one_sync_function_is_all_or_nothing() -> None:
    def create_two_of_the_same() -> None:
        with transaction.atomic():
            User.objects.create(username="alice")
            raise LookupError

    with pytest.raises(LookupError):
        await sync_to_async(create_two_of_the_same)()

    assert not await User.objects.aexists()
