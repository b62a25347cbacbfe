"""Test what a WebSocket frame may hold, without a socket.

Use plain sync tests for plain functions: checks on input need no event loop, and a test that has
none is faster and simpler. What the client sees of them is tested once, at the consumer.
"""

import json
from typing import Any

import pytest

from chat.messages import (
    MAX_LENGTH,
    MAX_NAME_LENGTH,
    ROOM_NAME,
    InvalidFrameError,
    decode_frame,
    message_of,
    name_of,
)


@pytest.mark.parametrize("value", [{"message": "hi"}, [], None, "é"])
def test_a_json_frame_is_decoded(value: Any) -> None:
    assert decode_frame(json.dumps(value)) == value


@pytest.mark.parametrize("text", [None, "", "{", "[" * 100_000])
def test_another_frame_is_invalid(text: str | None) -> None:
    with pytest.raises(InvalidFrameError):
        decode_frame(text)


@pytest.mark.parametrize("message", ["x", "x" * MAX_LENGTH, "🙂", " x "])
def test_text_is_taken_as_it_is(message: str) -> None:
    assert message_of({"message": message}) == message


@pytest.mark.parametrize(
    "content", [{"message": ""}, {"message": "x" * (MAX_LENGTH + 1)}, {"text": "x"}, "x", None]
)
def test_other_content_is_invalid(content: Any) -> None:
    with pytest.raises(InvalidFrameError):
        message_of(content)


@pytest.mark.parametrize("name", ["Ada", " Ada ", "Žofie", "x" * MAX_NAME_LENGTH])
def test_a_name_loses_the_space_around_it(name: str) -> None:
    assert name_of(name) == name.strip()


@pytest.mark.parametrize("name", ["", " ", None, 1, "x" * (MAX_NAME_LENGTH + 1)])
def test_what_is_no_name_is_invalid(name: Any) -> None:
    with pytest.raises(InvalidFrameError, match='"name"'):
        name_of(name)


@pytest.mark.parametrize("name", ["lobby", "Room-1", "a.b_c", "x" * 80])
def test_a_room_may_have_this_name(name: str) -> None:
    assert ROOM_NAME.fullmatch(name)


@pytest.mark.parametrize("name", ["", "a room", "café", "a/b", "lobby\n", "x" * 81])
def test_a_room_may_not_have_that_name(name: str) -> None:
    assert not ROOM_NAME.fullmatch(name)
