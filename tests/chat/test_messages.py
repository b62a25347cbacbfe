"""Test what a WebSocket frame may hold, without a socket.

Use plain sync tests for plain functions: checks on input need no event loop, and a test that has
none is faster and simpler. What the client sees of them is tested once, at the consumer.
"""

import json
from typing import Any

import pytest
from pytest_mock import MockerFixture

from chat.messages import (
    MAX_KEY_LENGTH,
    MAX_LENGTH,
    MAX_NAME_LENGTH,
    ROOM_NAME,
    InvalidFrameError,
    decode_frame,
    is_encodable,
    message_of,
    name_of,
    storable,
)
from chat.models import Message


@pytest.mark.parametrize("value", [{"message": "hi"}, [], None, "é"])
def test_a_json_frame_is_decoded(value: Any) -> None:
    assert decode_frame(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000])
def test_what_is_not_json_is_invalid(text: str) -> None:
    with pytest.raises(InvalidFrameError) as raised:
        decode_frame(text)

    assert str(raised.value) == 'This is not JSON. Send {"message": "your text"}.'


def test_a_binary_frame_is_invalid() -> None:
    with pytest.raises(InvalidFrameError, match=r"^Send text frames, not binary ones\.$"):
        decode_frame(None)


@pytest.mark.parametrize("message", ["x", "x" * MAX_LENGTH, "🙂", " x "])
def test_text_is_taken_as_it_is(message: str) -> None:
    assert message_of({"message": message}) == message


@pytest.mark.parametrize(
    "content",
    [
        {"message": ""},
        {"message": "x" * (MAX_LENGTH + 1)},
        {"text": "x"},
        ["message"],
        "x",
        1,
        None,
    ],
)
def test_other_content_is_invalid(content: Any) -> None:
    with pytest.raises(InvalidFrameError):
        message_of(content)


@pytest.mark.parametrize("name", ["Ada", " Ada ", "Žofie", "x" * MAX_NAME_LENGTH])
def test_a_name_loses_the_space_around_it(name: str) -> None:
    assert name_of(name) == name.strip()


@pytest.mark.parametrize("name", ["", " ", None, 1, "x" * 41])
def test_what_is_no_name_is_invalid(name: Any) -> None:
    with pytest.raises(InvalidFrameError, match='"name"'):
        name_of(name)


@pytest.mark.parametrize("name", ["lobby", "Room-1", "a.b_c", "x" * 80])
def test_a_room_may_have_this_name(name: str) -> None:
    assert ROOM_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "a room", "café", "a/b", "lobby\n", "x" * 81])
def test_a_room_may_not_have_that_name(name: str) -> None:
    assert not ROOM_NAME.fullmatch(name)


@pytest.mark.parametrize(("field", "most"), [("name", MAX_NAME_LENGTH), ("key", MAX_KEY_LENGTH)])
def test_what_is_not_too_long_fits_into_its_column(field: str, most: int) -> None:
    column: Any = Message._meta.get_field(field)

    assert most == column.max_length


def test_what_holds_a_nul_cannot_be_stored() -> None:
    with pytest.raises(InvalidFrameError, match=r'^"message" holds a NUL\.$'):
        storable("message", "a\0b")


def test_anything_else_can() -> None:
    assert storable("message", "a\tb") == "a\tb"


@pytest.mark.parametrize(("text", "encodable"), [("é🙂", True), ("\ud800", False)])
def test_half_a_surrogate_pair_cannot_travel(text: str, encodable: bool) -> None:
    assert is_encodable(text) is encodable


def test_a_fault_of_the_servers_is_no_invalid_frame(mocker: MockerFixture) -> None:
    mocker.patch("chat.messages.json.loads", side_effect=MemoryError)

    with pytest.raises(MemoryError):
        decode_frame("{}")


def test_an_invalid_frame_is_told_without_the_decoders_traceback() -> None:
    with pytest.raises(InvalidFrameError) as raised:
        decode_frame("{")

    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], 'Send an object with a "message": {"message": "your text"}.'),
        ({"message": 1}, '"message" must be a string.'),
        ({"message": " "}, '"message" is empty.'),
        ({"message": "x" * 2001}, '"message" is longer than 2000 characters.'),
        ({"message": "\ud800"}, '"message" holds half of a surrogate pair.'),
    ],
    ids=["no object", "a number", "blank", "too long", "half a surrogate pair"],
)
def test_what_is_wrong_with_a_message_is_told(content: Any, words: str) -> None:
    with pytest.raises(InvalidFrameError) as raised:
        message_of(content)

    assert str(raised.value) == words
