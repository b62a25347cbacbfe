"""Make rows that refer to others with factory_boy, for async tests.

A ``SubFactory`` makes what a row refers to, unless it is given; its fields are reached with a
double underscore. All of it is one ``sync_to_async`` call. The trap is making the parts one by one:
each is a thread hop, and the last refers to what the test has to name.
Code: tests/group_factories.py
"""

import pytest
from asgiref.sync import sync_to_async

from tests.factories import acreate_user
from tests.group_factories import GroupFactory, MembershipFactory
from users.models import User

pytestmark = pytest.mark.django_db


async def test_a_sub_factory_makes_what_the_row_refers_to() -> None:
    await sync_to_async(MembershipFactory.create)(user__username="ada", group__name="Poets")

    assert await User.objects.filter(username="ada", groups__name="Poets").aexists()


async def test_a_sub_factory_is_passed_over_when_the_object_is_given() -> None:
    ada = await acreate_user()
    group = await sync_to_async(GroupFactory.create)()

    await sync_to_async(MembershipFactory.create)(user=ada, group=group)

    assert [user async for user in group.user_set.all()] == [ada]
    assert await User.objects.acount() == 1
