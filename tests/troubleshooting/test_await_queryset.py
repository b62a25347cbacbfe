"""Awaiting a queryset.

``filter()``, ``all()`` and ``order_by()`` only describe a query, so they have no async twin and
nothing to await. What is awaited is the method that ends the chain.

Message: object QuerySet can't be used in 'await' expression
Message: TypeError: 'QuerySet' object can't be awaited
Cure: end the chain with an `a…` method, or iterate it by `async for`
Seen on: Django 5.2.19 and 6.1.3, Python 3.11 and 3.13
Upstream: https://docs.djangoproject.com/en/stable/topics/db/queries/#asynchronous-queries
"""

from typing import Any

import pytest

from users.models import User

pytestmark = pytest.mark.django_db


async def test_a_queryset_cannot_be_awaited() -> None:
    people: Any = User.objects.filter(is_active=True)

    with pytest.raises(TypeError, match="object QuerySet can't be used in 'await' expression"):
        await people


async def test_a_queryset_is_iterated_asynchronously(user: User) -> None:
    assert [person async for person in User.objects.filter(is_active=True)] == [user]


async def test_the_last_method_of_the_chain_is_awaited(user: User) -> None:
    assert await User.objects.filter(is_active=True).afirst() == user
