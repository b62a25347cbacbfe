"""Test a WebSocket consumer.

Use ``WebsocketCommunicator`` on the whole ASGI application, and await what each client receives.
The trap is waiting for silence with ``receive_json_from``: when it times out it cancels the
consumer, and every later call fails. ``receive_nothing`` leaves it alone.
"""

import pytest
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from pytest_mock import MockerFixture

from chat.consumers import NoSuchRouteConsumer
from tests.plugins.sockets import JoinRoom, socket_to


async def test_anybody_may_connect() -> None:
    client = socket_to("/ws/chat/lobby/")

    connected, _ = await client.connect()

    assert connected
    await client.disconnect()


async def test_a_message_comes_back_to_its_sender(join_room: JoinRoom) -> None:
    client = await join_room("lobby")

    await client.send_json_to({"message": "Hello!"})

    assert await client.receive_json_from() == {"message": "Hello!"}


async def test_a_message_is_seen_by_everyone_in_the_room(join_room: JoinRoom) -> None:
    ada, grace = await join_room("lobby"), await join_room("lobby")

    await ada.send_json_to({"message": "Hi from Ada"})

    assert await ada.receive_json_from() == {"message": "Hi from Ada"}
    assert await grace.receive_json_from() == {"message": "Hi from Ada"}


async def test_messages_of_one_sender_arrive_in_order(join_room: JoinRoom) -> None:
    ada, grace = await join_room("lobby"), await join_room("lobby")

    await ada.send_json_to({"message": "first"})
    await ada.send_json_to({"message": "second"})

    assert await grace.receive_json_from() == {"message": "first"}
    assert await grace.receive_json_from() == {"message": "second"}


async def test_rooms_do_not_hear_each_other(join_room: JoinRoom) -> None:
    lobby, library = await join_room("lobby"), await join_room("library")

    await lobby.send_json_to({"message": "Hello!"})

    assert await lobby.receive_json_from() == {"message": "Hello!"}
    assert await library.receive_nothing()


async def test_somebody_who_leaves_is_taken_out_of_the_room(
    join_room: JoinRoom, mocker: MockerFixture
) -> None:
    group_discard = mocker.spy(get_channel_layer(), "group_discard")
    client = await join_room("lobby")

    await client.disconnect()

    group_discard.assert_awaited_once_with("chat_lobby", mocker.ANY)


async def test_those_who_stay_go_on_when_somebody_leaves(join_room: JoinRoom) -> None:
    ada, grace = await join_room("lobby"), await join_room("lobby")
    await grace.disconnect()

    await ada.send_json_to({"message": "Is anybody here?"})

    assert await ada.receive_json_from() == {"message": "Is anybody here?"}
    assert grace.output_queue.empty()


@pytest.mark.parametrize(
    "room",
    ["a%20room", "caf%C3%A9", "a/b", "x" * 81],
    ids=["space", "not ASCII", "slash", "too long"],
)
async def test_a_room_whose_name_cannot_be_a_group_is_refused(room: str) -> None:
    client = socket_to(f"/ws/chat/{room}/")

    assert await client.connect() == (False, 4400)


async def test_a_refused_socket_ends_quietly_and_leaves_no_room(mocker: MockerFixture) -> None:
    group_discard = mocker.spy(get_channel_layer(), "group_discard")
    client = socket_to("/ws/chat/a%20room/")
    await client.connect()

    await client.disconnect()

    assert client.future.exception() is None
    group_discard.assert_not_called()


async def test_a_path_that_leads_nowhere_is_refused() -> None:
    client = WebsocketCommunicator(NoSuchRouteConsumer.as_asgi(), "/")

    assert await client.connect() == (False, 4404)


async def error_frame(client: WebsocketCommunicator) -> str:
    answer = await client.receive_json_from()
    assert list(answer) == ["error"]
    return str(answer["error"])


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        ("hello", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "an object"),
        ("{}", "an object"),
        ('{"message": 1}', "must be a string"),
        ('{"message": null}', "must be a string"),
        ('{"message": "  "}', "empty"),
        (f'{{"message": "{"x" * 2001}"}}', "longer than 2000"),
        ('{"message": "\\ud800"}', "surrogate"),
    ],
    ids=[
        "no JSON",
        "nested beyond reason",
        "no object",
        "no message",
        "a number",
        "null",
        "blank",
        "too long",
        "half a surrogate pair",
    ],
)
async def test_a_bad_frame_is_answered_with_an_error(
    join_room: JoinRoom, frame: str, error: str
) -> None:
    client = await join_room("lobby")

    await client.send_to(text_data=frame)

    assert error in await error_frame(client)


async def test_a_binary_frame_is_answered_with_an_error(join_room: JoinRoom) -> None:
    client = await join_room("lobby")

    await client.send_to(bytes_data=b'{"message": "Hello!"}')

    assert "text frames" in await error_frame(client)


async def test_an_empty_frame_is_answered_with_an_error(join_room: JoinRoom) -> None:
    client = await join_room("lobby")

    # `send_to` refuses to send an empty text, which every browser can.
    await client.send_input({"type": "websocket.receive", "text": ""})

    assert "not JSON" in await error_frame(client)


async def test_a_bad_frame_disturbs_nobody_and_its_sender_goes_on(join_room: JoinRoom) -> None:
    ada, grace = await join_room("lobby"), await join_room("lobby")

    await ada.send_to(text_data="not JSON")
    await error_frame(ada)
    await ada.send_json_to({"message": "I meant: hello"})

    assert await ada.receive_json_from() == {"message": "I meant: hello"}
    assert await grace.receive_json_from() == {"message": "I meant: hello"}


async def test_a_message_of_the_greatest_length_arrives_whole(join_room: JoinRoom) -> None:
    client = await join_room("lobby")

    await client.send_json_to({"message": "é" * 2000})

    assert await client.receive_json_from() == {"message": "é" * 2000}


async def test_what_an_absent_layer_does_not_pass_on_is_told_to_the_sender_and_the_log(
    join_room: JoinRoom, mocker: MockerFixture, caplog: pytest.LogCaptureFixture
) -> None:
    client = await join_room("lobby")
    mocker.patch("chat.consumers.group_send", side_effect=ConnectionResetError)

    await client.send_json_to({"message": "Hello!"})

    assert await error_frame(client) == "Your message was not sent. Try again."
    assert caplog.messages == ["A chat message was not sent: ConnectionResetError()"]


async def test_a_defect_is_no_absent_layer(mocker: MockerFixture) -> None:
    client = socket_to("/ws/chat/lobby/")
    await client.connect()
    mocker.patch("chat.consumers.group_send", side_effect=ZeroDivisionError)

    await client.send_json_to({"message": "Hello!"})

    with pytest.raises(ZeroDivisionError):
        await client.wait()
