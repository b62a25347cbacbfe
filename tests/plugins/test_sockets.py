"""Open sockets in a test, and close them after it.

Use the fixture for every socket to a room. The trap is a consumer that nobody disconnects, after a
test that failed: its task outlives the event loop, and the next test is the one that suffers.
Code: tests/plugins/sockets.py, chat/consumers.py
"""

from collections.abc import Iterator

import pytest
from channels.testing import WebsocketCommunicator

from tests.plugins.sockets import JoinRoom, socket_to


@pytest.fixture(scope="module")
def opened() -> Iterator[list[WebsocketCommunicator]]:
    """The sockets of these tests; in the end, the application has finished with each by itself."""
    clients: list[WebsocketCommunicator] = []
    yield clients
    assert [client.future.cancelled() for client in clients] == [False] * len(clients)


async def test_a_client_comes_from_a_page_of_this_site() -> None:
    client = socket_to("/ws/chat/lobby/")

    connected, _ = await client.connect()

    assert connected
    await client.disconnect()


async def test_a_client_may_come_from_elsewhere() -> None:
    client = socket_to("/ws/chat/lobby/", headers=[])

    connected, _ = await client.connect()

    assert not connected


async def test_who_joins_is_connected_until_the_test_ends(
    join_room: JoinRoom, opened: list[WebsocketCommunicator]
) -> None:
    ada, bob, eve = await join_room("lobby"), await join_room("lobby"), await join_room("attic")
    opened.extend([ada, bob, eve])

    await ada.send_json_to({"message": "hello"})

    assert await bob.receive_json_from() == {"message": "hello"}
    assert await eve.receive_nothing()
    assert [client.future.done() for client in opened] == [False] * 3


async def test_who_is_refused_has_not_joined(join_room: JoinRoom) -> None:
    with pytest.raises(AssertionError):
        await join_room("x" * 500)
