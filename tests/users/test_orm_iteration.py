"""Test async iteration over a queryset.

Use ``async for`` for all rows, a comprehension for a list of them, and ``aiterator`` when they
would not fit in memory. The trap is a plain ``for``: it queries in the event loop and raises
``SynchronousOnlyOperation``.
Code: users/models.py
"""

import pytest
from django.db.models import Prefetch

from tests.factories import acreate_user, acreate_users
from tests.group_factories import MembershipFactory
from users.models import User

pytestmark = pytest.mark.django_db


async def test_async_for_visits_every_row_in_order() -> None:
    users = await acreate_users(3)

    visited = []
    async for user in User.objects.all():
        visited.append(user)

    assert visited == users


async def test_an_async_comprehension_makes_a_list() -> None:
    active = await acreate_user()
    await acreate_user(inactive=True)

    assert [user async for user in User.objects.filter(is_active=True)] == [active]


async def test_values_are_iterated_like_rows() -> None:
    await acreate_user(username="ada")

    assert [row async for row in User.objects.values("username")] == [{"username": "ada"}]


async def test_a_queryset_that_was_iterated_keeps_its_rows() -> None:
    await acreate_user()
    queryset = User.objects.all()
    before = [user async for user in queryset]
    await acreate_user()

    assert [user async for user in queryset] == before


async def test_aiterator_fetches_in_chunks_and_keeps_nothing() -> None:
    users = await acreate_users(5)
    queryset = User.objects.all()

    assert [user async for user in queryset.aiterator(chunk_size=2)] == users
    await acreate_user()
    assert await queryset.acount() == 6


def test_a_plain_for_works_in_a_sync_test(db: None) -> None:
    membership = MembershipFactory.create()

    queryset = User.objects.prefetch_related(Prefetch("groups"))

    assert [list(user.groups.all()) for user in queryset] == [[membership.group]]
