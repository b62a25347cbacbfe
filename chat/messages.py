"""What a client may send, and the words for what it may not."""

import json
import re
from typing import Any

MAX_LENGTH = 2000  # characters in one message
MAX_NAME_LENGTH = 40
MAX_KEY_LENGTH = 40

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
    return checked("message", content["message"], MAX_LENGTH)


def name_of(name: Any) -> str:
    """Return a person's name, without space around it.

    Raises:
        InvalidFrameError: It is no text, empty, or too long.
    """
    return checked("name", name, MAX_NAME_LENGTH).strip()


def checked(field: str, text: Any, max_length: int) -> str:
    """Return a text that can be shown and sent.

    Raises:
        InvalidFrameError: It cannot; ``field`` is the name to complain under.
    """
    if not isinstance(text, str):
        raise InvalidFrameError(f'"{field}" must be a string.')
    if not text.strip():
        raise InvalidFrameError(f'"{field}" is empty.')
    if len(text) > max_length:
        raise InvalidFrameError(f'"{field}" is longer than {max_length} characters.')
    if not is_encodable(text):
        raise InvalidFrameError(f'"{field}" holds half of a surrogate pair.')
    return text


def storable(field: str, text: str) -> str:
    """Return a text that can be stored.

    Raises:
        InvalidFrameError: It holds a NUL, which JSON allows and PostgreSQL refuses.
    """
    if "\0" in text:
        raise InvalidFrameError(f'"{field}" holds a NUL.')
    return text


def is_encodable(text: str) -> bool:
    r"""Tell whether text can travel: JSON allows a lone ``\ud800``, UTF-8 does not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
