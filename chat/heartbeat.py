"""Telling other processes who is here, again and again, and hearing it from them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from django.conf import settings

from chat.layer import LAYER_ERRORS, group_send
from chat.roster import Frame, Roster

MISSED = 3  # beats, before a process is given up


class Heartbeat:
    """Presence in one room, on behalf of one process.

    Args:
        group: The layer's group of all processes that serve the room.
        process: This one's name among them.
        show: Called with a frame when somebody came or left.
        last: Returns the number of the newest message here; each beat carries it.
        silent: Awaited when another process has not been heard of for too long, and with each beat
            while this one does not hear itself: the layer is away, or has lost a subscription.
    """

    def __init__(
        self,
        group: str,
        process: str,
        show: Callable[[Frame], None],
        last: Callable[[], int],
        silent: Callable[[], Awaitable[None]],
    ) -> None:
        self.group, self.process, self.show, self.last = group, process, show, last
        self.silent = silent
        self.people: dict[str, str] = {}
        self.roster = Roster(patience=MISSED * settings.CHAT_BEAT)
        self.changed = asyncio.Event()

    def enter(self, id: str, name: str) -> None:
        """Show somebody to everybody, or their new name."""
        self.people[id] = name
        self.update(self.process, self.people)
        self.changed.set()

    def leave(self, id: str) -> None:
        """Show that they have left."""
        self.people.pop(id, None)
        self.update(self.process, self.people)
        self.changed.set()

    def hear(self, event: dict[str, Any]) -> None:
        """Take in the beat of another process, or one's own."""
        if event["process"] == self.process:
            self.echo = monotonic()
            return
        if event["process"] not in self.roster.processes:
            self.changed.set()  # it is new, and wants to know who is here
        self.update(event["process"], event["people"])

    def update(self, process: str, people: dict[str, str]) -> None:
        """Take down whom a process serves, and show the difference."""
        if change := self.roster.hear(process, people.copy()):
            self.show(change)

    async def beat(self) -> None:
        """Go on telling, at once when something has changed."""
        self.echo = monotonic()  # when it last heard itself
        while True:
            self.changed.clear()
            with suppress(*LAYER_ERRORS):  # they miss a beat, and bear with it
                await self.tell()
            with suppress(TimeoutError):
                async with asyncio.timeout(settings.CHAT_BEAT):
                    await self.changed.wait()
            self.update(self.process, self.people)
            known = len(self.roster.processes)
            if change := self.roster.forget_silent():
                self.show(change)
            is_deaf = monotonic() - self.echo > self.roster.patience
            if is_deaf or len(self.roster.processes) < known:
                await self.silent()

    async def tell(self) -> None:
        """Tell the other processes once."""
        event = {"type": "room.beat", "process": self.process, "people": self.people}
        await group_send(self.group, {**event, "last": self.last()})
