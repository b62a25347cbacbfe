"""Counting queries, and catching ``on_commit`` hooks, from a coroutine.

Both of pytest-django's helpers look at the connection of the thread that enters them, and a
coroutine has none that it may touch: counting raises. Capturing hooks needs the connection to be
shared, as the rollback plugin does; without it, nothing is captured and nothing is said.

Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line is `with django_assert_num_queries(…)`, or captures `on_commit` hooks
Cure: the async twins of the helpers: `async with aassert_num_queries(1):`
Seen on: pytest-django 4.14.0, Django 5.2.19 and 6.1.3
Upstream: https://github.com/pytest-dev/pytest-django/issues/580
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core.exceptions import SynchronousOnlyOperation
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

if TYPE_CHECKING:
    from tests.plugins.async_db import AsyncTwin

pytestmark = pytest.mark.django_db


def send_mail() -> None:
    """Stand in for what must wait for the commit."""


async def test_counting_queries_in_a_coroutine_raises(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with (
        pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"),
        django_assert_num_queries(1),
    ):
        ...


async def test_the_twin_notices_a_query_too_many(
    aassert_num_queries: AsyncTwin,
) -> None:
    with pytest.raises(pytest.fail.Exception, match="Expected to perform 0 queries but 1 was done"):
        async with aassert_num_queries(0):
            await Group.objects.acount()


async def test_the_twin_captures_hooks(acapture_on_commit_callbacks: AsyncTwin) -> None:
    async with acapture_on_commit_callbacks() as hooks:
        await sync_to_async(transaction.on_commit)(send_mail)

    assert hooks == [send_mail]


async def test_the_twin_counts_them(
    aassert_num_queries: AsyncTwin,
) -> None:
    async with aassert_num_queries(1):
        await Group.objects.acount()
