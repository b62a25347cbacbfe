"""The chat's WebSocket consumers."""

import logging
from typing import Any

from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer

from chat.layer import LAYER_ERRORS, group_send
from chat.messages import ROOM_NAME, InvalidFrameError, decode_frame, message_of

logger = logging.getLogger(__name__)

BAD_ROOM_NAME = 4400
NO_SUCH_ROUTE = 4404


class ChatConsumer(AsyncJsonWebsocketConsumer):
    """One person's socket in one room; touches no database.

    ``{"message": …}`` in; the same out to everyone in the room, the sender included.
    Anything else is answered with ``{"error": …}`` to the sender alone, and the socket stays open.
    """

    room_group = ""

    async def connect(self) -> None:
        """Join the room, unless its name cannot be the name of a group."""
        room = self.scope["url_route"]["kwargs"]["room"]
        if not ROOM_NAME.fullmatch(room):
            await self.close(code=BAD_ROOM_NAME)
            return
        self.room_group = f"chat_{room}"
        await self.channel_layer.group_add(self.room_group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the room, if the socket ever got in."""
        if self.room_group:
            await self.channel_layer.group_discard(self.room_group, self.channel_name)

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        """Take one frame, and answer a bad one instead of dying of it."""
        try:
            await self.receive_json(decode_frame(text_data))
        except InvalidFrameError as error:
            await self.send_json({"error": str(error)})
        except LAYER_ERRORS as error:
            logger.error("A chat message was not sent: %r", error)
            await self.send_json({"error": "Your message was not sent. Try again."})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Pass a message on to the room."""
        event = {"type": "chat.message", "message": message_of(content)}
        await group_send(self.room_group, event)

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Deliver a message of the room to this socket."""
        await self.send_json({"message": event["message"]})


class NoSuchRouteConsumer(AsyncWebsocketConsumer):
    """Refuse a path that leads nowhere; without it ``URLRouter`` raises, and logs a traceback."""

    async def connect(self) -> None:
        """Refuse."""
        await self.close(code=NO_SUCH_ROUTE)
