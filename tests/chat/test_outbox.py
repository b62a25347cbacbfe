"""Test a reader who does not read: nobody waits for them, and memory does not grow.

Hand the code a ``send`` that waits until the test lets it go, as a server's does when the client's
window is full. The trap is a queue without an end, which looks right in every test whose clients
read.
"""

import asyncio
import json
from typing import Any

import pytest

from chat.outbox import Outbox


class SlowClient:
    """A client, seen from the server, that reads when it may."""

    def __init__(self) -> None:
        self.may_read = asyncio.Event()
        self.frames: asyncio.Queue[Any] = asyncio.Queue()

    async def send(self, event: dict[str, Any]) -> None:
        await self.may_read.wait()
        self.frames.put_nowait(event)


def sent(text: str) -> dict[str, str]:
    """Return the event that sends a text."""
    return {"type": "websocket.send", "text": text}


async def three_frames(outbox: Outbox, client: SlowClient, seen: int = 0) -> list[Any]:
    """Write until the client has read three."""
    writer = asyncio.create_task(outbox.write("first", seen))
    frames = [await client.frames.get() for _ in range(3)]
    writer.cancel()
    await asyncio.wait([writer])
    return frames


async def test_frames_go_out_in_their_order() -> None:
    client = SlowClient()
    client.may_read.set()
    outbox = Outbox(client.send)
    outbox.put("a")
    outbox.put("b")

    assert await three_frames(outbox, client) == [sent("first"), sent("a"), sent("b")]


async def test_what_the_client_has_seen_is_left_out() -> None:
    client = SlowClient()
    client.may_read.set()
    outbox = Outbox(client.send)
    outbox.put("the second", 2)
    outbox.put("without a number")
    outbox.put("the third", 3)

    frames = await three_frames(outbox, client, seen=2)

    assert frames == [sent("first"), sent("without a number"), sent("the third")]


@pytest.fixture
async def behind() -> tuple[SlowClient, Outbox]:
    """A client who has been sent one more than fits, and its outbox."""
    client = SlowClient()
    outbox = Outbox(client.send, size=2)
    for text in "abc":
        outbox.put(text)
    return client, outbox


async def test_up_to_its_size_an_outbox_keeps_everything(
    behind: tuple[SlowClient, Outbox],
) -> None:
    outbox = Outbox(behind[0].send, size=3)

    for text in "abc":
        outbox.put(text)

    assert not outbox.fell_behind


async def test_who_falls_behind_costs_no_memory_any_more(behind: tuple[SlowClient, Outbox]) -> None:
    _, outbox = behind

    outbox.put("d")

    assert outbox.fell_behind
    assert outbox.queue.qsize() == 1


async def test_who_fell_behind_is_told_and_closed_as_soon_as_they_read(
    behind: tuple[SlowClient, Outbox],
) -> None:
    client, outbox = behind
    client.may_read.set()

    await outbox.write("first", 0)

    error = {"error": "You fell behind. Connect again for what you missed."}
    frames = [client.frames.get_nowait() for _ in range(3)]
    close = {"type": "websocket.close", "code": 4408}
    assert frames == [sent("first"), sent(json.dumps(error)), close]


async def test_a_client_that_has_gone_ends_it_quietly() -> None:
    async def send(event: dict[str, Any]) -> None:
        raise ConnectionResetError

    await Outbox(send).write("first", 0)


async def test_a_burst_of_hundreds_fits() -> None:
    outbox = Outbox(SlowClient().send)

    for number in range(256):
        outbox.put("x", number)

    assert not outbox.fell_behind
