"""A consumer that costs nothing but what it does.

Channels gives each socket a channel of its own in the layer (a subscription each, through Redis),
and visits a thread before each event, to close old database connections. A consumer that hears of
others in another way, and reaches the database through ``in_time``, needs neither.
"""

from typing import Any

from channels.consumer import get_handler_name
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

LOST = 1006  # what a client reads that was never told a code


class DirectConsumer(AsyncWebsocketConsumer):
    """An ``AsyncWebsocketConsumer`` without a channel and without thread hops.

    ``disconnect`` is called however the socket ends, also if a handler raised or the server
    cancelled it; Channels calls it only if the client's leaving was heard of.
    """

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Serve one socket."""
        self.scope, self.base_send = scope, send
        self.close_code = LOST
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        finally:
            await self.disconnect(self.close_code)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handle one event."""
        await getattr(self, get_handler_name(message))(message)

    async def websocket_disconnect(self, message: dict[str, Any]) -> None:
        """End, and let ``disconnect`` know the code."""
        self.close_code = message["code"]
        raise StopConsumer
