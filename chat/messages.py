"""What a client may send, and the words for what it may not."""

import json
import re
from typing import Any

MAX_LENGTH = 2000  # characters in one message

# The channel layer takes ASCII letters, digits, hyphens, full stops and underscores, and fewer
# than 100 characters including the prefix.
ROOM_NAME = re.compile(r"[a-zA-Z0-9._-]{1,80}")


class InvalidFrameError(ValueError):
    """The client sent something that is no chat message; the text tells it what."""


def decode_frame(text: str | None) -> Any:
    """Return the JSON value of a text frame.

    Raises:
        InvalidFrameError: The frame is binary, or not JSON, or nested beyond reason.
    """
    if text is None:
        raise InvalidFrameError("Send text frames, not binary ones.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidFrameError('This is not JSON. Send {"message": "your text"}.') from None


def message_of(content: Any) -> str:
    """Return the message in a decoded frame.

    Raises:
        InvalidFrameError: There is none, or it is no text, empty, or too long.
    """
    if not isinstance(content, dict) or "message" not in content:
        raise InvalidFrameError('Send an object with a "message": {"message": "your text"}.')
    message = content["message"]
    if not isinstance(message, str):
        raise InvalidFrameError('"message" must be a string.')
    if not message.strip():
        raise InvalidFrameError('"message" is empty.')
    if len(message) > MAX_LENGTH:
        raise InvalidFrameError(f'"message" is longer than {MAX_LENGTH} characters.')
    if not is_encodable(message):
        raise InvalidFrameError('"message" holds half of a surrogate pair.')
    return message


def is_encodable(text: str) -> bool:
    r"""Tell whether text can travel: JSON allows a lone ``\ud800``, UTF-8 does not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
