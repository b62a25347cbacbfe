"""Test what the database itself refuses, and how rows introduce themselves.

Use it for constraints: they hold also when two processes write at once, which no check in Python
does. The trap is going on in the transaction that the error has broken, hence ``asave`` in a
savepoint of its own.
"""

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from django.db import IntegrityError, transaction

from chat.models import Membership, Message, Room
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


@pytest.fixture
async def room() -> Room:
    """A room in which one message has been said."""
    room = await Room.objects.acreate(name="lobby", last_number=1)
    await Message.objects.acreate(room=room, number=1, key="a", text="Hello!")
    return room


@pytest.mark.parametrize(
    ("number", "key"), [(1, "b"), (2, "a")], ids=["the number", "the sender's key"]
)
async def test_no_two_messages_of_a_room_share(room: Room, number: int, key: str) -> None:
    save = transaction.atomic()(Message(room=room, number=number, key=key, text="Hi").save)

    with pytest.raises(IntegrityError):
        await sync_to_async(save)()


async def test_another_room_counts_for_itself(room: Room) -> None:
    other = await Room.objects.acreate(name="library")

    message = await Message.objects.acreate(room=other, number=1, key="a", text="Hello!")

    assert str(message) == "library 1"


async def test_a_member_is_one_only_once(room: Room) -> None:
    ada = await acreate_user()
    await Membership.objects.acreate(room=room, user=ada)
    save = transaction.atomic()(Membership(room=room, user=ada).save)

    with pytest.raises(IntegrityError):
        await sync_to_async(save)()


async def test_a_message_outlives_its_sender(room: Room) -> None:
    ada = await acreate_user()
    await Message.objects.acreate(room=room, number=2, key="b", text="Bye", sender=ada)

    await ada.adelete()

    assert (await Message.objects.aget(number=2)).sender_id is None


async def test_a_membership_names_both(room: Room) -> None:
    ada = await acreate_user()

    assert str(Membership(room=room, user=ada)) == f"{ada} in lobby"


def test_the_migrations_make_the_tables_that_the_models_describe() -> None:
    call_command("makemigrations", "chat", check_changes=True, dry_run=True)
