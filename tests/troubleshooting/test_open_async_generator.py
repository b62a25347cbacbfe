"""An async generator that a test leaves open.

``break`` out of ``async for`` does not close it, as it would in sync code: its ``finally`` runs
later, in a task of the event loop's. At the end of the test that task is cancelled where it stands,
and the rest of the clean-up is lost. Typical are streams of which a test wants the first part only.

Message: none; what its `finally` should undo is still there in a later test
Cure: `async with contextlib.aclosing(generator()) as parts:` around the loop
Seen on: Python 3.11 and 3.13
Upstream: https://docs.python.org/3/library/contextlib.html#contextlib.aclosing
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing


class Feed:
    """Messages from a server, to whom one says good-bye."""

    def __init__(self) -> None:
        self.closing, self.answer = asyncio.Event(), asyncio.Event()
        self.open = True

    async def messages(self) -> AsyncGenerator[str]:
        try:
            yield "hello"
        finally:
            self.closing.set()
            await self.answer.wait()
            self.open = False


async def read_one_and_break(feed: Feed) -> None:
    async for _ in feed.messages():  # pragma: no branch (it never comes to the end)
        break


async def read_one_and_close(feed: Feed) -> None:
    async with aclosing(feed.messages()) as messages:
        async for _ in messages:  # pragma: no branch
            break


async def test_after_break_it_is_still_open() -> None:
    feed = Feed()
    feed.answer.set()

    await read_one_and_break(feed)

    assert feed.open


def test_at_the_end_of_the_loop_it_is_closed_by_half() -> None:
    feed = Feed()

    async def test() -> None:
        await read_one_and_break(feed)
        await feed.closing.wait()  # and end before the answer has come

    asyncio.run(test())

    assert feed.open


async def test_with_aclosing_it_is_closed() -> None:
    feed = Feed()
    feed.answer.set()

    await read_one_and_close(feed)

    assert not feed.open
