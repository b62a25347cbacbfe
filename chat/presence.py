"""The consumer behind the chat page: names, and who is here, beside the messages."""

import logging
from contextlib import suppress
from typing import Any
from uuid import uuid4

from channels.exceptions import ChannelFull

from chat.consumers import ChatConsumer
from chat.layer import LAYER_ERRORS, group_send
from chat.messages import InvalidFrameError, message_of, name_of

logger = logging.getLogger(__name__)


class PresenceConsumer(ChatConsumer):
    """One window in one room: a ``ChatConsumer`` with a name.

    ``{"join": "Ada"}`` in, as often as the name changes. Out: ``{"you": person}`` to the window
    itself; ``{"here": person}`` to the others, and from each of them to the newcomer;
    ``{"left": id}`` when it goes. Messages come with ``"from"``, a person or null; the room's
    plain sockets see none of all this.

    Nobody keeps a list. Each window answers for itself, so that it works across processes without
    a database. The price: people whose process was killed stay in the others' lists until those
    connect again.
    """

    person: dict[str, str] | None = None

    @property
    def people_group(self) -> str:
        """The group of those in the room who have a name."""
        return f"people_{self.scope['url_route']['kwargs']['room']}"

    async def disconnect(self, code: int) -> None:
        """Leave the room, and tell the others."""
        await super().disconnect(code)
        if self.person is not None:
            await self.channel_layer.group_discard(self.people_group, self.channel_name)
            await group_send(self.people_group, {"type": "presence.left", "id": self.person["id"]})

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Take a name, or pass on a message with the name of who sent it."""
        if isinstance(content, dict) and "join" in content:
            try:
                await self.join(name_of(content["join"]))
            except InvalidFrameError as error:
                await self.send_json({"error": str(error), "field": "name"})
            except LAYER_ERRORS as error:
                logger.error("A name was not told to the others: %r", error)
                await self.send_json({"error": "The others were not told.", "field": "name"})
        else:
            event = {"type": "chat.message", "message": message_of(content), "from": self.person}
            await group_send(str(self.room_group), event)

    async def join(self, name: str) -> None:
        """Take or change the name, and tell everyone who has one."""
        self.person = {"id": self.person["id"] if self.person else uuid4().hex, "name": name}
        await self.channel_layer.group_add(self.people_group, self.channel_name)
        event = {"type": "presence.joined", "person": self.person, "reply_to": self.channel_name}
        await group_send(self.people_group, event)

    async def chat_message(self, event: dict[str, Any]) -> None:
        """Deliver a message; one that came through a plain socket has no sender."""
        await self.send_json({"message": event["message"], "from": event.get("from")})

    async def presence_joined(self, event: dict[str, Any]) -> None:
        """Show somebody who came, and answer."""
        if event["reply_to"] == self.channel_name:
            await self.send_json({"you": event["person"]})
            return
        await self.send_json({"here": event["person"]})
        # A newcomer whose inbox is full, or out of reach, misses a name. This socket goes on.
        with suppress(ChannelFull, *LAYER_ERRORS):
            await self.channel_layer.send(
                event["reply_to"], {"type": "presence.here", "person": self.person}
            )

    async def presence_here(self, event: dict[str, Any]) -> None:
        """Show somebody who was here before."""
        await self.send_json({"here": event["person"]})

    async def presence_left(self, event: dict[str, Any]) -> None:
        """Show that somebody has gone."""
        await self.send_json({"left": event["id"]})
