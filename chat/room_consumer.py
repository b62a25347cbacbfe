"""The consumer behind the chat page: nothing lost, nothing twice, and who is here.

In, after connecting, with the last ``id`` that was seen as ``?after=``:

- ``{"join": "Ada"}``: take a name, or change it.
- ``{"message": "Hello!", "key": "…"}``: say something, under a name that the client gives it. Who
  does not know whether it arrived sends it again with the same key.

Out:

- ``{"you": id, "people": {id: name}, "history": […], "skipped": 0}``, first.
- ``{"id": 7, "key": "…"}`` to the sender: it is stored.
- ``{"id": 7, "key": "…", "from": "Ada", "message": "Hello!"}`` to everybody, in the order of ids.
- ``{"here": {id: name}, "left": [id]}``: who came, and who went.
- ``{"error": "…"}`` to the sender, with the ``key`` or ``"field": "name"``, and ``retry_after``.
"""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

from chat.direct import DirectConsumer
from chat.history import messages, store
from chat.hub import LocalRoom, local_room
from chat.messages import (
    MAX_KEY_LENGTH,
    ROOM_NAME,
    InvalidFrameError,
    checked,
    decode_frame,
    message_of,
    name_of,
    storable,
)
from chat.outbox import Outbox
from chat.rate import TokenBucket
from chat.rooms import may_enter

BAD_ROOM_NAME = 4400
NOT_A_MEMBER = 4403

HISTORY = 50  # messages for who comes
MISSED = 500  # for who comes back
PER_SECOND, AT_ONCE = 5, 20  # frames that a socket may send

AFTER = re.compile(r"[0-9]{1,15}")


class RoomConsumer(DirectConsumer):
    """One window in one room."""

    room: LocalRoom | None = None
    writer: asyncio.Task[None] | None = None
    name = ""

    async def connect(self) -> None:
        """Accept, before all else: a browser reads a close code only after the handshake."""
        await self.accept()
        name = self.scope["url_route"]["kwargs"]["room"]
        if not ROOM_NAME.fullmatch(name):
            await self.close(BAD_ROOM_NAME)
        elif not await may_enter(name, self.scope["user"]):
            await self.close(NOT_A_MEMBER)
        else:
            await self.enter(local_room(name))

    async def enter(self, room: LocalRoom) -> None:
        """Join first, then read: what is said meanwhile waits in the outbox."""
        self.id, self.rate = uuid4().hex, TokenBucket(PER_SECOND, AT_ONCE)
        self.outbox, self.room = Outbox(self.base_send), room
        await room.join(self.outbox)
        after = last_seen(self.scope["query_string"])
        history = await messages(room.name, after, limit=MISSED if after else HISTORY)
        welcome = {
            "you": self.id,
            "people": room.presence.roster.everybody(),
            "history": history,
            "skipped": history[0]["id"] - after - 1 if history and after else 0,
        }
        seen = history[-1]["id"] if history else after
        self.writer = asyncio.create_task(self.outbox.write(json.dumps(welcome), seen))

    async def disconnect(self, code: int) -> None:
        """Leave, as far as the socket had come."""
        if self.room is not None:
            self.room.presence.leave(self.id)
            await self.room.leave(self.outbox)
        if self.writer is not None:
            self.writer.cancel()
            await asyncio.wait([self.writer])

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take one frame, and answer a bad one."""
        if self.room is None:  # refused, and closing
            return
        content: Any = None
        try:
            wait = self.rate.take()
            content = decode_frame(text_data)
            if wait:
                self.answer({"error": "Too fast.", "retry_after": wait, **about(content)})
            elif isinstance(content, dict) and "join" in content:
                self.name = storable("name", name_of(content["join"]))
                self.room.presence.enter(self.id, self.name)
            else:
                await self.say(self.room, content)
        except InvalidFrameError as error:
            self.answer({"error": str(error), **about(content)})

    async def say(self, room: LocalRoom, content: Any) -> None:
        """Store a message, acknowledge it, and pass it on."""
        text = storable("message", message_of(content))
        key = storable("key", checked("key", content.get("key", uuid4().hex), MAX_KEY_LENGTH))
        frame = await store(room.name, text, key, self.name, self.scope["user"].pk)
        self.answer({"id": frame["id"], "key": key})
        await room.publish(frame)

    def answer(self, frame: dict[str, Any]) -> None:
        """Send a frame to this socket alone."""
        self.outbox.put(json.dumps(frame))


def last_seen(query_string: bytes) -> int:
    """Return the number in ``?after=``, 0 if there is none."""
    value = parse_qs(query_string.decode("ascii", "replace")).get("after", ["0"])[0]
    return int(value) if AFTER.fullmatch(value) else 0


def about(content: Any) -> dict[str, Any]:
    """Return what tells the client which of its frames an error is about."""
    if not isinstance(content, dict):
        return {}
    return {"field": "name"} if "join" in content else {"key": content.get("key")}
