"""Test a chat that acknowledges: what the sender reads, what the others read, and what is refused.

Read the first frame of each socket before anything else: it says that the socket is in, so that no
message can come too early. The trap is to take the echo of a message for its acknowledgement: the
echo says that it was heard, ``{"id": …}`` that it is stored.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from asgiref.sync import SyncToAsync
from channels.testing import WebsocketCommunicator
from pytest_mock import MockerFixture

from chat.hub import local_room
from chat.models import Message, Room
from chat.room_consumer import BAD_ROOM_NAME, NOT_A_MEMBER, PER_SECOND, RoomConsumer
from tests.plugins.sockets import socket_to

pytestmark = pytest.mark.django_db

Enter = Callable[..., Awaitable[tuple[WebsocketCommunicator, dict[str, Any]]]]
HELLO = {"message": "Hello!", "key": "k"}


@pytest.fixture
async def enter() -> AsyncIterator[Enter]:
    """Open a socket to a room; return it and its first frame."""
    async with AsyncExitStack() as cleanup:

        async def enter(path: str = "lobby/") -> tuple[WebsocketCommunicator, dict[str, Any]]:
            socket = socket_to(f"/ws/rooms/{path}")
            await socket.connect(timeout=5)
            cleanup.push_async_callback(socket.disconnect)
            return socket, await socket.receive_json_from(timeout=5)

        yield enter


@pytest.fixture
async def ada(enter: Enter) -> WebsocketCommunicator:
    """Somebody in the lobby."""
    return (await enter())[0]


async def answer(socket: WebsocketCommunicator, frame: Any) -> Any:
    """Send a frame, and return the next one that comes."""
    await socket.send_json_to(frame)
    return await socket.receive_json_from()


async def test_the_sender_is_told_the_id_when_a_message_is_stored(
    ada: WebsocketCommunicator,
) -> None:
    assert await answer(ada, HELLO) == {"id": 1, "key": "k"}
    assert (await Message.objects.aget(number=1)).text == "Hello!"


async def test_everybody_reads_it_the_sender_included(
    ada: WebsocketCommunicator, enter: Enter
) -> None:
    grace, _ = await enter()

    await answer(ada, HELLO)

    frame = {"id": 1, "key": "k", "from": None, "message": "Hello!"}
    assert await ada.receive_json_from() == frame
    assert await grace.receive_json_from() == frame


async def test_a_message_that_is_sent_again_has_the_same_id_and_is_heard_once(
    ada: WebsocketCommunicator, enter: Enter
) -> None:
    grace, _ = await enter()
    await answer(ada, HELLO)
    await ada.receive_json_from()

    again = await answer(ada, HELLO)

    assert again == {"id": 1, "key": "k"}
    await answer(ada, {"message": "Bye", "key": "b"})
    heard = [await grace.receive_json_from() for _ in range(2)]
    assert [frame["message"] for frame in heard] == ["Hello!", "Bye"]


async def test_without_a_key_each_message_gets_one(ada: WebsocketCommunicator) -> None:
    first = await answer(ada, {"message": "Hello!"})
    await ada.receive_json_from()

    second = await answer(ada, {"message": "Hello!"})

    assert first["key"] != second["key"]
    assert second["id"] == 2


async def test_a_name_is_shown_to_everybody_and_on_messages(
    enter: Enter,
) -> None:
    ada, welcome = await enter()

    assert await answer(ada, {"join": " Ada "}) == {"here": {welcome["you"]: "Ada"}, "left": []}

    await answer(ada, HELLO)
    assert (await ada.receive_json_from())["from"] == "Ada"


async def test_who_comes_sees_who_is_here(ada: WebsocketCommunicator, enter: Enter) -> None:
    await answer(ada, {"join": "Ada"})

    _, welcome = await enter()

    assert list(welcome["people"].values()) == ["Ada"]


async def test_who_goes_is_shown(ada: WebsocketCommunicator, enter: Enter) -> None:
    grace, welcome = await enter()
    await answer(grace, {"join": "Grace"})
    await ada.receive_json_from()

    await grace.disconnect()

    assert await ada.receive_json_from() == {"here": {}, "left": [welcome["you"]]}


async def test_a_frame_to_many_costs_the_hops_of_one(
    ada: WebsocketCommunicator, enter: Enter, mocker: MockerFixture
) -> None:
    others = [(await enter())[0] for _ in range(5)]
    hops = mocker.spy(SyncToAsync, "__call__")

    await answer(ada, HELLO)
    await others[-1].receive_json_from()

    assert hops.call_count == 1  # to store it


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        ({"message": " ", "key": "k"}, {"error": '"message" is empty.', "key": "k"}),
        ({"message": "a\0b", "key": "k"}, {"error": '"message" holds a NUL.', "key": "k"}),
        ({"message": "a", "key": ["k"]}, {"error": '"key" must be a string.', "key": ["k"]}),
        ({"message": "a", "key": "\0"}, {"error": '"key" holds a NUL.', "key": "\0"}),
        (
            {"message": "a", "key": "k" * 41},
            {"error": '"key" is longer than 40 characters.', "key": "k" * 41},
        ),
        ({"join": ""}, {"error": '"name" is empty.', "field": "name"}),
        ({"join": "a\0b"}, {"error": '"name" holds a NUL.', "field": "name"}),
        ([], {"error": 'Send an object with a "message": {"message": "your text"}.'}),
        (["join"], {"error": 'Send an object with a "message": {"message": "your text"}.'}),
    ],
    ids=["blank", "NUL", "key", "key NUL", "long key", "name", "name NUL", "no object", "a list"],
)
async def test_a_bad_frame_is_answered_and_nothing_is_stored(
    ada: WebsocketCommunicator, frame: Any, error: dict[str, Any]
) -> None:
    assert await answer(ada, frame) == error
    assert not await Message.objects.aexists()


async def test_a_frame_that_is_not_json_is_answered(ada: WebsocketCommunicator) -> None:
    await ada.send_to(text_data="hello")

    assert "not JSON" in (await ada.receive_json_from())["error"]


async def test_who_sends_too_fast_is_told_for_how_long_to_wait(
    enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chat.room_consumer.AT_ONCE", 1)
    ada, _ = await enter()
    await answer(ada, HELLO)
    await ada.receive_json_from()

    frame = await answer(ada, {"message": "Hello again", "key": "l"})

    assert frame == {"error": "Too fast.", "retry_after": frame["retry_after"], "key": "l"}
    assert 0 < frame["retry_after"] <= 1 / PER_SECOND
    assert await Message.objects.acount() == 1


async def close_code(path: str) -> int:
    """Return the code with which a socket is closed once it is open."""
    socket = socket_to(path)
    connected, _ = await socket.connect()
    assert connected
    event = await socket.receive_output()
    await socket.send_json_to(HELLO)  # says nothing to anybody
    await socket.disconnect()
    return int(event["code"])


async def test_a_stranger_is_refused_by_a_private_room() -> None:
    await Room.objects.acreate(name="board", is_private=True)

    assert await close_code("/ws/rooms/board/") == NOT_A_MEMBER == 4403
    assert not await Message.objects.aexists()


async def test_a_room_whose_name_cannot_be_a_group_is_refused() -> None:
    assert await close_code("/ws/rooms/a/b/") == BAD_ROOM_NAME == 4400


async def test_nothing_is_done_any_more_for_who_has_left() -> None:
    socket, room = socket_to("/ws/rooms/lobby/"), local_room("lobby")
    await socket.connect()

    await socket.disconnect()

    assert (room.outboxes, room.tasks) == (set(), [])


async def test_a_socket_ends_after_what_writes_to_it() -> None:
    begun = asyncio.Event()

    async def write() -> None:
        begun.set()
        await asyncio.Event().wait()

    consumer = RoomConsumer()
    writer = consumer.writer = asyncio.create_task(write())
    await begun.wait()

    await consumer.disconnect(1000)

    assert writer.cancelled()


async def test_a_defect_is_no_bad_frame(mocker: MockerFixture) -> None:
    mocker.patch("chat.room_consumer.store", side_effect=ZeroDivisionError)
    ada = socket_to("/ws/rooms/lobby/")
    await ada.connect()

    await ada.send_json_to(HELLO)

    with pytest.raises(ZeroDivisionError):
        await ada.wait()
