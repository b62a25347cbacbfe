"""Test which consumer serves a WebSocket, by its path.

Open sockets to the whole application. The trap is a path that no route knows: Channels raises, the
client reads 500, and the log has a traceback for each.
"""

import pytest

from tests.plugins.sockets import JoinRoom, socket_to

pytestmark = pytest.mark.django_db


async def test_a_room_is_served_by_what_says_who_is_here() -> None:
    socket = socket_to("/ws/rooms/lobby/")
    await socket.connect()

    assert (await socket.receive_json_from())["people"] == {}
    await socket.disconnect()


async def test_the_simple_chat_is_served_by_what_repeats_a_message(join_room: JoinRoom) -> None:
    socket = await join_room("lobby")

    await socket.send_json_to({"message": "Hello!"})

    assert await socket.receive_json_from() == {"message": "Hello!"}


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/rooms/", "/ws/chat/lobby"])
async def test_any_other_path_is_refused(path: str) -> None:
    assert await socket_to(path).connect() == (False, 4404)
