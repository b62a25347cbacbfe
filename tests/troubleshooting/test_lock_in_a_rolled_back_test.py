"""A row lock that no test misses.

A test that rolls back has one transaction for everybody: those who race in it never see each other,
and no lock ever makes one of them wait. Take the lock out of the code, and the test stays green.

Message: none; the test of a race passes with `select_for_update` and without it
Cure: `django_db(transaction=True)` on PostgreSQL, two threads, and a meeting point before the write
Seen on: Django 5.2.19 and 6.1.3, PostgreSQL
Upstream: https://docs.djangoproject.com/en/stable/topics/testing/tools/#transactiontestcase
"""

import asyncio
import threading
from contextlib import suppress

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet

from tests.factories import acreate_user


class Captaincy:
    """A group that one person may join; two try to."""

    def __init__(self, groups: QuerySet[Group]) -> None:
        self.groups = groups
        self.meeting_point = threading.Barrier(2, timeout=0.5)

    def join(self, user_id: int) -> None:
        with transaction.atomic():
            team = self.groups.get(name="captains")
            if not team.user_set.exists():
                # Wait a little: does somebody else get here before this one has written?
                with suppress(threading.BrokenBarrierError):
                    self.meeting_point.wait()
                team.user_set.add(user_id)

    async def race(self) -> int:
        """Let two people try at once, each in a thread of their own; return how many got in."""
        team = await Group.objects.acreate(name="captains")
        people = [await acreate_user(), await acreate_user()]
        join = sync_to_async(self.join, thread_sensitive=False)
        await asyncio.gather(*(join(person.pk) for person in people))
        return await team.user_set.acount()


@pytest.mark.django_db
async def test_in_a_test_that_rolls_back_nobody_misses_the_lock() -> None:
    assert await Captaincy(Group.objects.all()).race() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
async def test_with_real_transactions_two_get_in_where_there_is_no_lock() -> None:
    assert await Captaincy(Group.objects.all()).race() == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
async def test_with_a_lock_one_gets_in() -> None:
    assert await Captaincy(Group.objects.select_for_update()).race() == 1
