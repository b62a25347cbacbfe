"""A lazy foreign key in a coroutine.

``membership.user`` looks like an attribute and is a query, if the user has not been fetched yet.
The same holds for ``user.groups.all()`` in a ``for``, and for a template that walks relations.
Django raises the error of every sync query, and names neither model nor field.

Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line has no call, only a dot: `order.customer`; `related_descriptors.py` is below it
Cure: fetch it in the first query, by `select_related()`; `async for` over a many-to-many
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/db/queries/#asynchronous-queries
"""

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation

from tests.group_factories import MembershipFactory
from users.models import User

pytestmark = pytest.mark.django_db

Membership = User.groups.through


async def test_a_foreign_key_that_was_not_fetched_raises() -> None:
    await sync_to_async(MembershipFactory.create)(group__name="Editors")
    membership = await Membership.objects.aget()

    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        _ = membership.group


async def test_a_for_over_a_many_to_many_raises(user: User) -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        _ = [group.name for group in user.groups.all()]


async def test_an_async_for_over_a_many_to_many_works(user: User) -> None:
    await sync_to_async(MembershipFactory.create)(user=user, group__name="Editors")

    assert [group.name async for group in user.groups.all()] == ["Editors"]


async def test_a_foreign_key_fetched_with_select_related_is_there() -> None:
    await sync_to_async(MembershipFactory.create)(group__name="Editors")

    membership = await Membership.objects.select_related("group").aget()

    assert membership.group.name == "Editors"
