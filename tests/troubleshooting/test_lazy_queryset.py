"""A queryset that leaves ``sync_to_async`` unevaluated.

A queryset runs its query when it is iterated, and by then the thread is left: the coroutine
iterates, and Django refuses. It seems absurd, as the call *is* wrapped in ``sync_to_async``.

Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: there is a `sync_to_async` already, around what only makes a queryset
Cure: evaluate it in the thread, `await sync_to_async(list)(queryset)`, or iterate by `async for`
Seen on: Django 5.2.19 and 6.1.3, asgiref 3.13.0
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm
"""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.db.models import QuerySet

from users.models import User

pytestmark = pytest.mark.django_db


async def test_a_queryset_from_sync_to_async_has_not_run_yet(sample_users: list[User]) -> None:
    def everybody() -> QuerySet[User]:
        return User.objects.all()

    people = await sync_to_async(everybody)()

    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        list(people)


async def test_a_list_made_in_the_thread_is_complete(sample_users: list[User]) -> None:
    to_list: Any = list

    assert await sync_to_async(to_list)(User.objects.all()) == sample_users


async def test_an_async_for_needs_no_wrapping(sample_users: list[User]) -> None:
    assert [person async for person in User.objects.all()] == sample_users
