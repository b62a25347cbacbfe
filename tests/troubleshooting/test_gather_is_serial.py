"""Queries under ``asyncio.gather``, one after the other.

Every async ORM call of a request runs in the same single thread, because a connection belongs to
one. ``gather`` over queries is correct, and no faster than awaiting them in turn. A pair that
waits for each other shows it: each would need the other to have begun.

Message: none; `asyncio.gather` over ORM calls takes as long as awaiting them one by one
Cure: one query for all, or one `sync_to_async` block; gather what is not the database
Seen on: Django 5.2.19 and 6.1.3, asgiref 3.13.0
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#asgiref.sync.sync_to_async
"""

import asyncio
from functools import partial
from threading import Barrier, BrokenBarrierError

import pytest
from django.db.models import QuerySet
from pytest_mock import MockerFixture

from users.models import User

pytestmark = pytest.mark.django_db


async def test_two_queries_never_run_at_the_same_time(mocker: MockerFixture) -> None:
    both_are_running = Barrier(2)
    mocker.patch.object(QuerySet, "count", side_effect=partial(both_are_running.wait, 0.05))

    results = await asyncio.gather(
        User.objects.acount(), User.objects.acount(), return_exceptions=True
    )

    assert [type(result) for result in results] == [BrokenBarrierError, BrokenBarrierError]


async def test_coroutines_that_touch_no_database_run_at_the_same_time() -> None:
    both_are_running = asyncio.Barrier(2)

    async def call_an_outside_api() -> int:
        return await both_are_running.wait()

    assert sorted(await asyncio.gather(call_an_outside_api(), call_an_outside_api())) == [0, 1]


async def test_one_query_answers_two_questions(sample_users: list[User]) -> None:
    first, second, _ = sample_users

    assert await User.objects.ain_bulk([first.pk, second.pk]) == {
        first.pk: first,
        second.pk: second,
    }
