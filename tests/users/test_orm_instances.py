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
    user = await User.objects.acreate(name="Ada", email="ada@example.com")

    assert await User.objects.filter(pk=user.pk, name="Ada").aexists()


async def test_aget_finds_the_one_row() -> None:
    await acreate_user()
    ada = await acreate_user(email="ada@example.com")

    assert await User.objects.aget(email="ada@example.com") == ada


async def test_aget_raises_when_there_is_no_row() -> None:
    with pytest.raises(User.DoesNotExist):
        await User.objects.aget(email="nobody@example.com")


async def test_aget_raises_when_there_are_several_rows() -> None:
    await acreate_user(name="Ada")
    await acreate_user(name="Ada")

    with pytest.raises(User.MultipleObjectsReturned):
        await User.objects.aget(name="Ada")


async def test_asave_stores_what_was_changed() -> None:
    user = await acreate_user(name="Ada")

    user.name = "Ada Lovelace"
    await user.asave(update_fields=["name"])

    assert await User.objects.filter(name="Ada Lovelace").aexists()


async def test_arefresh_from_db_loads_what_somebody_else_stored() -> None:
    user = await acreate_user(name="Ada")
    await User.objects.filter(pk=user.pk).aupdate(name="Ada Lovelace")

    await user.arefresh_from_db(fields=["name"])

    assert user.name == "Ada Lovelace"


async def test_adelete_removes_the_row() -> None:
    user = await acreate_user()

    await user.adelete()

    assert not await User.objects.filter(email=user.email).aexists()


async def test_aget_or_create_creates_at_first_and_gets_from_then_on() -> None:
    first, was_created = await User.objects.aget_or_create(email="ada@example.com")
    second, was_created_again = await User.objects.aget_or_create(email="ada@example.com")

    assert (was_created, was_created_again) == (True, False)
    assert first == second


async def test_aupdate_or_create_updates_the_row_that_is_there() -> None:
    ada = await acreate_user(name="Ada", email="ada@example.com")

    found, was_created = await User.objects.aupdate_or_create(
        email="ada@example.com", defaults={"name": "Ada Lovelace"}
    )

    assert (found, found.name, was_created) == (ada, "Ada Lovelace", False)
