"""Test who is online, with several WebSockets at once.

Open one socket per person, and read from each what it should have seen, in order. The trap is
asserting only on the one who acts: presence is what the others see, newcomers most of all. And a
plain socket in the same room must see nothing of it.
"""

from typing import Any

import pytest
from channels.exceptions import ChannelFull
from channels.layers import InMemoryChannelLayer
from channels.testing import WebsocketCommunicator
from pytest_mock import MockerFixture
from redis.exceptions import ConnectionError as RedisConnectionError

from chat.messages import MAX_LENGTH, MAX_NAME_LENGTH
from tests.plugins.sockets import JoinRoom

WINDOW = "lobby/people"


async def say(window: WebsocketCommunicator, frame: dict[str, Any]) -> Any:
    """Send a frame, and return the next one that comes."""
    await window.send_json_to(frame)
    return await window.receive_json_from()


async def test_somebody_who_joins_is_told_who_they_are(join_room: JoinRoom) -> None:
    window = await join_room(WINDOW)

    frame = await say(window, {"join": " Ada "})

    assert frame == {"you": {"id": frame["you"]["id"], "name": "Ada"}}


async def test_those_who_are_here_see_who_comes(join_room: JoinRoom) -> None:
    ada, grace = await join_room(WINDOW), await join_room(WINDOW)
    await say(ada, {"join": "Ada"})

    joined = await say(grace, {"join": "Grace"})

    assert await ada.receive_json_from() == {"here": joined["you"]}


async def test_who_comes_sees_those_who_are_here(join_room: JoinRoom) -> None:
    ada, grace = await join_room(WINDOW), await join_room(WINDOW)
    was_here = await say(ada, {"join": "Ada"})

    await say(grace, {"join": "Grace"})

    assert await grace.receive_json_from() == {"here": was_here["you"]}


async def test_a_new_name_belongs_to_the_same_person(join_room: JoinRoom) -> None:
    window = await join_room(WINDOW)
    first = await say(window, {"join": "Ada"})

    second = await say(window, {"join": "Ada Lovelace"})

    assert second == {"you": {"id": first["you"]["id"], "name": "Ada Lovelace"}}


async def test_those_who_are_here_see_who_goes(join_room: JoinRoom) -> None:
    ada, grace = await join_room(WINDOW), await join_room(WINDOW)
    await say(ada, {"join": "Ada"})
    joined = await say(grace, {"join": "Grace"})
    await ada.receive_json_from()

    await grace.disconnect()

    assert await ada.receive_json_from() == {"left": joined["you"]["id"]}


async def test_a_message_comes_with_its_sender(join_room: JoinRoom) -> None:
    window = await join_room(WINDOW)
    joined = await say(window, {"join": "Ada"})

    frame = await say(window, {"message": "Hello!"})

    assert frame == {"message": "Hello!", "from": joined["you"]}


async def test_without_a_name_a_message_comes_from_nobody(join_room: JoinRoom) -> None:
    window = await join_room(WINDOW)

    assert await say(window, {"message": "Hello!"}) == {"message": "Hello!", "from": None}


async def test_a_plain_socket_sees_messages_and_nothing_else(join_room: JoinRoom) -> None:
    plain, window = await join_room("lobby"), await join_room(WINDOW)

    await say(window, {"join": "Ada"})
    await say(window, {"message": "Hello!"})

    assert await plain.receive_json_from() == {"message": "Hello!"}


async def test_a_plain_socket_is_heard(join_room: JoinRoom) -> None:
    plain, window = await join_room("lobby"), await join_room(WINDOW)

    await say(plain, {"message": "Hello!"})

    assert await window.receive_json_from() == {"message": "Hello!", "from": None}


async def test_rooms_do_not_see_each_others_people(join_room: JoinRoom) -> None:
    library = await join_room("library/people")
    lobby = await join_room(WINDOW)
    await say(library, {"join": "Ada"})

    await say(lobby, {"join": "Grace"})

    assert await library.receive_nothing()


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (None, '"name" must be a string.'),
        (["Ada"], '"name" must be a string.'),
        (" ", '"name" is empty.'),
        ("x" * (MAX_NAME_LENGTH + 1), '"name" is longer than 40 characters.'),
        ("\ud800", '"name" holds half of a surrogate pair.'),
    ],
    ids=["null", "a list", "blank", "too long", "not encodable"],
)
async def test_a_bad_name_is_answered_and_the_old_one_kept(
    join_room: JoinRoom, name: Any, error: str
) -> None:
    window = await join_room(WINDOW)
    joined = await say(window, {"join": "Ada"})

    assert await say(window, {"join": name}) == {"error": error, "field": "name"}

    frame = await say(window, {"message": "Still here"})
    assert frame == {"message": "Still here", "from": joined["you"]}


@pytest.mark.parametrize("frame", [{"message": "x" * (MAX_LENGTH + 1)}, {"text": "x"}, ["join"]])
async def test_a_bad_message_is_answered_as_on_a_plain_socket(
    join_room: JoinRoom, frame: Any
) -> None:
    window, plain = await join_room(WINDOW), await join_room("lobby")

    assert await say(window, frame) == await say(plain, frame)


send = InMemoryChannelLayer.send


async def send_unless_to_a_newcomer(
    layer: InMemoryChannelLayer, channel: str, message: dict[str, Any]
) -> None:
    """Find the newcomer's inbox full, and no other."""
    if message["type"] == "presence.here":
        raise ChannelFull
    await send(layer, channel, message)


async def test_a_newcomer_whose_inbox_is_full_costs_nobody_the_connection(
    join_room: JoinRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, grace = await join_room(WINDOW), await join_room(WINDOW)
    await say(ada, {"join": "Ada"})
    monkeypatch.setattr(InMemoryChannelLayer, "send", send_unless_to_a_newcomer)

    joined = await say(grace, {"join": "Grace"})

    assert await ada.receive_json_from() == {"here": joined["you"]}
    assert "message" in await say(ada, {"message": "Still here"})


async def test_a_name_that_did_not_reach_the_others_is_told_to_its_owner(
    join_room: JoinRoom, mocker: MockerFixture
) -> None:
    window = await join_room(WINDOW)
    mocker.patch("chat.presence.group_send", side_effect=RedisConnectionError)

    frame = await say(window, {"join": "Ada"})

    mocker.stopall()
    assert frame == {"error": "The others were not told.", "field": "name"}
    assert "message" in await say(window, {"message": "Still here"})
