"""Test who may enter: the member, the stranger, and who is not logged in.

Ask the rule itself, without a socket: each case is a row and a call. The trap is forgetting the one
who is nobody, ``AnonymousUser``, whose key is ``None``.
"""

import pytest
from django.contrib.auth.models import AnonymousUser

from chat.models import Membership, Room
from chat.rooms import may_enter
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


@pytest.fixture
async def private() -> Room:
    """A private room."""
    return await Room.objects.acreate(name="board", is_private=True)


async def test_anybody_may_enter_a_room_that_does_not_exist_yet() -> None:
    assert await may_enter("lobby", AnonymousUser())


async def test_anybody_may_enter_a_public_room(private: Room) -> None:
    await Room.objects.acreate(name="lobby")

    assert await may_enter("lobby", AnonymousUser())


async def test_a_member_may_enter_a_private_room(private: Room) -> None:
    ada = await acreate_user()
    await Membership.objects.acreate(room=private, user=ada)

    assert await may_enter("board", ada)


async def test_a_stranger_may_not(private: Room) -> None:
    ada, grace = await acreate_user(), await acreate_user()
    await Membership.objects.acreate(room=private, user=ada)

    assert not await may_enter("board", grace)


async def test_who_is_not_logged_in_may_not(private: Room) -> None:
    assert not await may_enter("board", AnonymousUser())


async def test_a_member_of_another_room_may_not(private: Room) -> None:
    ada = await acreate_user()
    other = await Room.objects.acreate(name="library", is_private=True)
    await Membership.objects.acreate(room=other, user=ada)

    assert not await may_enter("board", ada)
