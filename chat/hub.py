"""One room in one process: one subscription, each frame encoded once, sockets fed from queues.

The database decides what was said and in which order; the channel layer only makes it known. A
message that overtakes another, or that the layer lost, shows as a gap in the numbers, and is read
from the database. So every socket gets every message, in order and once, whichever process stored
it. A process that does not hear its own beats, because the layer is away or has lost its
subscription, reads the database with each beat, until it does.
"""

import asyncio
import json
import logging
from contextlib import suppress
from uuid import uuid4
from weakref import WeakKeyDictionary, WeakValueDictionary

from channels.layers import get_channel_layer
from django.db import Error

from chat.heartbeat import Heartbeat
from chat.history import Frame, last_number, messages
from chat.layer import LAYER_ERRORS, SECONDS, group_send
from chat.outbox import Outbox

logger = logging.getLogger(__name__)

NEWS = 256  # messages that wait for the layer


class LocalRoom:
    """A room as this process serves it; subscribed while somebody is in it."""

    def __init__(self, name: str) -> None:
        self.name, self.group, self.process = name, f"room_{name}", uuid4().hex
        self.layer = get_channel_layer()
        self.outboxes: set[Outbox] = set()
        self.presence = Heartbeat(
            self.group, self.process, self.put, lambda: self.last, self.look_for_more
        )
        self.entrance, self.delivery = asyncio.Lock(), asyncio.Lock()
        self.news: asyncio.Queue[Frame] = asyncio.Queue(NEWS)
        self.tasks: list[asyncio.Task[None]] = []

    async def join(self, outbox: Outbox) -> None:
        """Feed a socket from now on; the first to come subscribes.

        Raises:
            RedisError: The layer cannot be reached.
            OSError: The same, or it took too long.
        """
        async with self.entrance:
            if not self.tasks:
                await self.subscribe()
                work = (self.listen(), self.tell(), self.presence.beat())
                self.tasks = [asyncio.create_task(each) for each in work]
            self.outboxes.add(outbox)

    async def subscribe(self) -> None:
        """Hear of the room from now on."""
        async with asyncio.timeout(SECONDS):
            self.channel = await self.layer.new_channel()
        try:
            async with asyncio.timeout(SECONDS):
                await self.layer.group_add(self.group, self.channel)
            self.last = await last_number(self.name)
        except BaseException:  # a layer keeps, for ever, what nobody listens to
            await self.unsubscribe()
            raise

    async def unsubscribe(self) -> None:
        """Hear of it no more, also if the layer is away."""
        with suppress(*LAYER_ERRORS):
            async with asyncio.timeout(SECONDS):
                await self.layer.group_discard(self.group, self.channel)

    async def leave(self, outbox: Outbox) -> None:
        """Feed a socket no more; the last to leave ends the subscription."""
        self.outboxes.discard(outbox)
        async with self.entrance:
            if self.outboxes or not self.tasks:
                return
            with suppress(*LAYER_ERRORS):
                await self.presence.tell()
            await self.unsubscribe()
            for task in self.tasks:
                task.cancel()
            await asyncio.wait(self.tasks)
            self.tasks = []

    async def publish(self, frame: Frame) -> None:
        """Pass on a message that is stored: here now, to other processes as the layer takes it."""
        await self.deliver(frame)
        with suppress(asyncio.QueueFull):  # the next beat tells of it
            self.news.put_nowait(frame)

    async def tell(self) -> None:
        """Tell the other processes of messages; while the layer is away, nobody here waits."""
        while True:
            frame = await self.news.get()
            event = {"type": "room.message", "frame": frame}
            try:
                await group_send(self.group, event)
            except LAYER_ERRORS as error:
                logger.error("Others hear of a message in %s later: %r", self.name, error)

    async def listen(self) -> None:
        """Hear what processes tell of the room, this one too."""
        while True:
            event = await self.layer.receive(self.channel)
            if event["type"] == "room.message":
                await self.deliver(event["frame"])
            else:
                self.presence.hear(event)
                await self.catch_up(event["last"])

    async def deliver(self, frame: Frame) -> None:
        """Pass a message on to the sockets, after those before it; nothing if it has been."""
        async with self.delivery:
            if frame["id"] == self.last + 1:
                self.pass_on(frame)
        await self.catch_up(frame["id"])

    async def catch_up(self, number: int) -> None:
        """Read from the database what is missing, if a message's number shows that some is."""
        async with self.delivery:
            if number <= self.last:
                return
            try:
                for frame in await messages(self.name, after=self.last):
                    self.pass_on(frame)
            except Error as error:  # the next message, or beat, tries again
                logger.error("Messages in %s are late: %r", self.name, error)

    async def look_for_more(self) -> None:
        """Read what a process has stored that could not tell of it, or was not heard."""
        await self.catch_up(self.last + 1)

    def pass_on(self, frame: Frame) -> None:
        """Pass the next message on."""
        self.last = frame["id"]
        self.put(frame, self.last)

    def put(self, frame: Frame, number: int = 0) -> None:
        """Encode a frame, and put it into every outbox."""
        text = json.dumps(frame)
        for outbox in self.outboxes:
            outbox.put(text, number)


# By event loop, because locks and tasks belong to one; gone when nobody uses them.
_rooms: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakValueDictionary[str, LocalRoom]]
_rooms = WeakKeyDictionary()


def local_room(name: str) -> LocalRoom:
    """Return the room of that name in this process."""
    rooms = _rooms.setdefault(asyncio.get_running_loop(), WeakValueDictionary())
    if (room := rooms.get(name)) is None:
        room = rooms[name] = LocalRoom(name)
    return room
