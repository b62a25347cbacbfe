"""Django's ``Paginator`` in a coroutine.

It counts when it is asked for a page, and its page fetches when it is iterated: two queries in the
event loop. Django 6.0 has an ``AsyncPaginator``. Before that, one sync function does both; it must
return a list, for a page is as lazy as the queryset in it.

Message: You cannot call this from an async context - use a thread or sync_to_async.
Told by: the line makes a `Paginator`, asks it for a page, or iterates one
Cure: `AsyncPaginator(…).aget_page(n)` from Django 6.0 on, or a function in `sync_to_async`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/ref/paginator/#asyncpaginator-class
"""

from typing import Any

import django
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core import paginator
from django.core.exceptions import SynchronousOnlyOperation
from django.core.paginator import Paginator

pytestmark = pytest.mark.django_db


@pytest.fixture
async def groups() -> list[Group]:
    return await Group.objects.abulk_create(Group(name=name) for name in "abc")


async def by_a_function(number: int) -> list[Group]:
    def page() -> list[Group]:
        return list(Paginator(Group.objects.order_by("name"), 2).get_page(number))

    return await sync_to_async(page)()


async def by_async_paginator(number: int) -> list[Group]:  # pragma: no cover - from Django 6.0 on
    pages = paginator.AsyncPaginator(Group.objects.order_by("name"), 2)
    return [group async for group in await pages.aget_page(number)]


CURES = [by_a_function, *([by_async_paginator] if django.VERSION >= (6, 0) else [])]


async def test_asking_for_a_page_counts() -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        Paginator(Group.objects.order_by("name"), 2).get_page(1)


async def test_a_page_that_was_got_in_a_thread_is_still_lazy(groups: list[Group]) -> None:
    pages = Paginator(Group.objects.order_by("name"), 2)

    page = await sync_to_async(pages.get_page)(1)

    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        list(page)


@pytest.mark.parametrize("get_page", CURES)
async def test_a_page_is_a_list_of_rows(groups: list[Group], get_page: Any) -> None:
    assert await get_page(1) == groups[:2]
    assert await get_page(2) == groups[2:]
