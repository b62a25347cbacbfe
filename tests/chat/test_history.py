"""Test messages that are stored in order, once, and can be read again.

Number the messages of a room without a gap, and let the sender name each: then a client that
comes back asks for what came after the last it saw, and one that is unsure whether a message
arrived sends it again. The trap is the primary key as the order: of two transactions the one with
the higher key may commit first, and a reader who has seen it never asks for the other.
"""

import pytest
from django.db import OperationalError
from pytest_mock import MockerFixture

from chat.history import last_number, messages, store
from chat.models import Message
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


async def say(*texts: str, room: str = "lobby") -> None:
    """Store messages whose keys are their texts."""
    for text in texts:
        await store(room, text, key=text)


async def test_a_message_is_returned_as_clients_see_it() -> None:
    frame = await store("lobby", "Hello!", key="k", name="Ada")

    assert frame == {"id": 1, "key": "k", "from": "Ada", "message": "Hello!"}


async def test_what_has_no_name_is_from_nobody() -> None:
    assert (await store("lobby", "Hello!", key="k"))["from"] is None


async def test_each_room_counts_from_one_without_a_gap() -> None:
    await say("a", "b", "c")
    await say("a", "b", room="library")

    assert [frame["id"] for frame in await messages("lobby")] == [1, 2, 3]
    assert await last_number("library") == 2


async def test_what_is_sent_again_is_stored_once() -> None:
    await store("library", "Hush!", key="k")
    await say("a")
    stored = await store("lobby", "Hello!", key="k")
    await say("b")

    again = await store("lobby", "Hello!", key="k")

    assert again == stored
    assert [frame["message"] for frame in await messages("lobby")] == ["a", "Hello!", "b"]


async def test_what_is_sent_again_leaves_no_gap() -> None:
    await say("a", "a", "b")

    assert [frame["id"] for frame in await messages("lobby")] == [1, 2]


async def test_the_same_key_in_another_room_is_another_message() -> None:
    await say("a")

    await say("a", room="library")

    assert len(await messages("library")) == 1


async def test_who_comes_back_reads_what_came_after() -> None:
    await say("a", "b", "c")

    assert [frame["message"] for frame in await messages("lobby", after=1)] == ["b", "c"]


async def test_of_too_many_the_newest_are_read_oldest_first() -> None:
    await say("a", "b", "c")

    assert [frame["message"] for frame in await messages("lobby", limit=2)] == ["b", "c"]


async def test_a_room_in_which_nothing_was_said_is_empty() -> None:
    assert await messages("lobby") == []
    assert await last_number("lobby") == 0


async def test_the_account_of_who_said_it_is_kept() -> None:
    ada = await acreate_user()

    await store("lobby", "Hello!", key="k", sender_id=ada.pk)

    assert await ada.chat_messages.acount() == 1


async def test_an_outage_is_no_message_that_is_known_already(mocker: MockerFixture) -> None:
    mocker.patch.object(Message.objects, "create", side_effect=OperationalError)

    with pytest.raises(OperationalError):
        await say("a")
