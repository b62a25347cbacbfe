"""Counting queries, and catching ``on_commit`` hooks, from a coroutine.

Both helpers look at the connection of the thread that enters them, and a coroutine has none that
it may touch. One raises; the other captures nothing and says nothing. Enter and leave them in the
ORM's thread.

Message: You cannot call this from an async context - use a thread or sync_to_async.
Cure: enter and leave the helper inside `sync_to_async`
Seen on: pytest-django 4.14.0, Django 5.2.19 and 6.1.3
Upstream: https://github.com/pytest-dev/pytest-django/issues/580
"""

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation
from django.db import transaction
from django.test import AsyncClient
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

pytestmark = pytest.mark.django_db


def send_mail() -> None:
    """Stand in for what must wait for the commit."""


async def test_counting_queries_in_a_coroutine_raises(
    async_client: AsyncClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with (
        pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"),
        django_assert_num_queries(1),
    ):
        await async_client.get("/api/users/")


async def test_counting_queries_in_the_thread_of_the_orm_works(
    async_client: AsyncClient, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    one_query = django_assert_num_queries(1)

    await sync_to_async(one_query.__enter__)()
    await async_client.get("/api/users/")
    await sync_to_async(one_query.__exit__)(None, None, None)


async def test_hooks_are_not_captured_in_a_coroutine(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as hooks:
        await sync_to_async(transaction.on_commit)(send_mail)

    assert hooks == []


async def test_hooks_are_captured_in_the_thread_of_the_orm(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    capture = django_capture_on_commit_callbacks()

    hooks = await sync_to_async(capture.__enter__)()
    await sync_to_async(transaction.on_commit)(send_mail)
    await sync_to_async(capture.__exit__)(None, None, None)

    assert hooks == [send_mail]
