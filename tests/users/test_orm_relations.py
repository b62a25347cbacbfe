"""Test async ORM calls on related objects: aadd, aset, aremove, aclear, acreate.

Use the related manager's ``a`` methods, and load what you will read with ``select_related`` or
``prefetch_related`` while you still await. The trap is the innocent ``membership.group``: a foreign
key that is not loaded queries at the dot, in the event loop, and raises.
Code: users/models.py
"""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core.exceptions import SynchronousOnlyOperation
from django.db.models import aprefetch_related_objects

from tests.factories import acreate_user
from tests.group_factories import GroupFactory, MembershipFactory
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups() -> list[Group]:
    """Two groups; a sync fixture, whose rows an async test sees as well."""
    return GroupFactory.create_batch(2)


async def groups_of(user: User) -> list[Group]:
    return [group async for group in user.groups.order_by("pk")]


async def test_aadd_adds_to_the_relation(groups: list[Group]) -> None:
    user = await acreate_user()

    await user.groups.aadd(*groups)

    assert await groups_of(user) == groups


async def test_aset_replaces_the_relation(groups: list[Group]) -> None:
    old, new = groups
    user = await acreate_user()
    await user.groups.aadd(old)

    await user.groups.aset([new])

    assert await groups_of(user) == [new]


async def test_aremove_takes_one_out(groups: list[Group]) -> None:
    left, kept = groups
    user = await acreate_user()
    await user.groups.aadd(left, kept)

    await user.groups.aremove(left)

    assert await groups_of(user) == [kept]


async def test_aclear_empties_the_relation_but_keeps_the_rows(groups: list[Group]) -> None:
    user = await acreate_user()
    await user.groups.aadd(*groups)

    await user.groups.aclear()

    assert await groups_of(user) == []
    assert await Group.objects.acount() == 2


async def test_acreate_on_a_relation_creates_and_adds() -> None:
    user = await acreate_user()

    group = await user.groups.acreate(name="Mathematicians")

    assert await groups_of(user) == [group]


async def test_a_foreign_key_that_is_not_loaded_raises_at_the_dot() -> None:
    created = await sync_to_async(MembershipFactory.create)()
    membership = await User.groups.through.objects.aget(pk=created.pk)

    with pytest.raises(SynchronousOnlyOperation):
        _ = membership.group


async def test_select_related_loads_the_foreign_key_with_the_row() -> None:
    created = await sync_to_async(MembershipFactory.create)(group__name="Poets")

    membership = await User.groups.through.objects.select_related("group").aget(pk=created.pk)

    assert membership.group.name == "Poets"


async def test_prefetch_related_loads_the_many_side_in_advance() -> None:
    membership = await sync_to_async(MembershipFactory.create)()

    user = await User.objects.prefetch_related("groups").aget()

    assert list(user.groups.all()) == [membership.group]


async def test_aprefetch_related_objects_loads_it_afterwards() -> None:
    membership = await sync_to_async(MembershipFactory.create)()
    user = await User.objects.aget()

    await aprefetch_related_objects([user], "groups")

    assert list(user.groups.all()) == [membership.group]
