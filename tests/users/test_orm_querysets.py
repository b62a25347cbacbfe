"""Test async ORM calls on many rows: acount, aexists, afirst, abulk_create, aaggregate and more.

Use a queryset's sync methods to build it (``filter``, ``order_by``, ``values``: no query yet) and
the ``a`` method to run it. The trap is a loop of single awaits where one bulk call would do: every
one of them is a hop to the ORM's thread and back.
Code: users/models.py
"""

import pytest
from django.db.models import Count, Max

from tests.factories import UserFactory, acreate_user, acreate_users
from users.models import User

pytestmark = pytest.mark.django_db


async def test_acount_counts_the_rows() -> None:
    await acreate_users(3)

    assert await User.objects.acount() == 3


@pytest.mark.parametrize(("username", "exists"), [("ada", True), ("grace", False)])
async def test_aexists_tells_whether_there_is_a_row(username: str, exists: bool) -> None:
    await acreate_user(username="ada")

    assert await User.objects.filter(username=username).aexists() is exists


async def test_afirst_and_alast_follow_the_ordering() -> None:
    first, _, last = await acreate_users(3)

    assert await User.objects.afirst() == first
    assert await User.objects.alast() == last


async def test_afirst_of_nothing_is_none() -> None:
    assert await User.objects.afirst() is None


async def test_aearliest_and_alatest_take_the_field_to_go_by() -> None:
    for name in ("bob", "alice", "carol"):
        await acreate_user(username=name)

    assert (await User.objects.aearliest("username")).username == "alice"
    assert (await User.objects.alatest("username")).username == "carol"


async def test_aupdate_changes_all_rows_that_match_and_counts_them() -> None:
    await acreate_users(2)
    await acreate_user(inactive=True)

    assert await User.objects.filter(is_active=True).aupdate(is_active=False) == 2
    assert await User.objects.filter(is_active=False).acount() == 3


async def test_adelete_removes_all_rows_that_match() -> None:
    kept = await acreate_user()
    await acreate_user(inactive=True)

    await User.objects.filter(is_active=False).adelete()

    assert await User.objects.aget() == kept


async def test_abulk_create_stores_many_rows_at_once() -> None:
    await User.objects.abulk_create(UserFactory.build_batch(3))

    assert await User.objects.acount() == 3


async def test_abulk_update_stores_many_changes_at_once() -> None:
    users = await acreate_users(2)

    users[0].username, users[1].username = "alice", "bob"
    await User.objects.abulk_update(users, ["username"])

    names = User.objects.order_by("pk").values_list("username", flat=True)
    assert [name async for name in names] == ["alice", "bob"]


async def test_ain_bulk_maps_keys_to_rows() -> None:
    first, second, _ = await acreate_users(3)

    found = await User.objects.ain_bulk([first.pk, second.pk])

    assert found == {first.pk: first, second.pk: second}


async def test_aaggregate_computes_in_the_database() -> None:
    users = await acreate_users(3)

    assert await User.objects.aaggregate(people=Count("pk"), newest=Max("pk")) == {
        "people": 3,
        "newest": users[-1].pk,
    }


async def test_acontains_tells_whether_a_row_is_in_the_queryset() -> None:
    user = await acreate_user(inactive=True)

    assert await User.objects.acontains(user)
    assert not await User.objects.filter(is_active=True).acontains(user)


async def test_aexplain_returns_the_databases_plan() -> None:
    plan = await User.objects.filter(username="ada").aexplain()

    assert User._meta.db_table in plan
