"""Test async ORM calls on one row: acreate, aget, asave, arefresh_from_db, adelete.

Use the ``a`` twin of every call that touches the database. The trap is what has no twin: reading
an attribute that lazily loads (a foreign key, a deferred field) queries without an ``await``.
Code: users/models.py
"""

import pytest

from tests.factories import acreate_user
from users.models import User

pytestmark = pytest.mark.django_db


async def test_acreate_stores_a_row() -> None:
    user = await User.objects.acreate(username="ada")

    assert await User.objects.filter(pk=user.pk, username="ada").aexists()


async def test_aget_finds_the_one_row() -> None:
    await acreate_user()
    ada = await acreate_user(username="ada")

    assert await User.objects.aget(username="ada") == ada


async def test_aget_raises_when_there_is_no_row() -> None:
    with pytest.raises(User.DoesNotExist):
        await User.objects.aget(username="nobody")


async def test_aget_raises_when_there_are_several_rows() -> None:
    await acreate_user()
    await acreate_user()

    with pytest.raises(User.MultipleObjectsReturned):
        await User.objects.aget(is_active=True)


async def test_asave_stores_what_was_changed() -> None:
    user = await acreate_user(username="ada")

    user.username = "lovelace"
    await user.asave(update_fields=["username"])

    assert await User.objects.filter(username="lovelace").aexists()


async def test_arefresh_from_db_loads_what_somebody_else_stored() -> None:
    user = await acreate_user(username="ada")
    await User.objects.filter(pk=user.pk).aupdate(username="lovelace")

    await user.arefresh_from_db(fields=["username"])

    assert user.username == "lovelace"


async def test_adelete_removes_the_row() -> None:
    user = await acreate_user()

    await user.adelete()

    assert not await User.objects.aexists()


async def test_aget_or_create_creates_at_first_and_gets_from_then_on() -> None:
    first, was_created = await User.objects.aget_or_create(username="ada")
    second, was_created_again = await User.objects.aget_or_create(username="ada")

    assert (was_created, was_created_again) == (True, False)
    assert first == second


async def test_aupdate_or_create_updates_the_row_that_is_there() -> None:
    ada = await acreate_user(username="ada")

    found, was_created = await User.objects.aupdate_or_create(
        username="ada", defaults={"is_active": False}
    )

    assert (found, found.is_active, was_created) == (ada, False, False)
