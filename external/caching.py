"""Remember an outside API's answer, and ask it once however many want it.

When a cached answer expires under load, every request in flight misses it at once and asks for
itself: a stampede. Django's ``aget_or_set`` does nothing against that, and each look-up there is a
hop to a thread. This cache is the process's own: the API gets one call per process and lifetime.
"""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")


class SharedAnswers(Generic[T]):
    """Cache what a function returns, by its argument.

    Give it few different arguments, because it forgets none of them.

    Args:
        fetch: Asks the API.
        seconds: How long an answer is good. An error is not kept: the next caller tries again.
        clock: For tests.
    """

    def __init__(
        self,
        fetch: Callable[[str], Awaitable[T]],
        seconds: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.fetch = fetch
        self.seconds = seconds
        self.clock = clock
        self.answers: dict[str, tuple[float, T]] = {}
        self.calls: dict[str, asyncio.Task[T]] = {}

    async def get(self, key: str) -> T:
        """Return the answer: the one remembered, or the one somebody waits for, or a new one."""
        if key in self.answers:
            expires, answer = self.answers[key]
            if self.clock() < expires:
                return answer
        if key not in self.calls:
            self.calls[key] = asyncio.create_task(self.ask(key))
        # Whoever leaves must not take the call away from the others.
        return await asyncio.shield(self.calls[key])

    async def ask(self, key: str) -> T:
        """Ask the API, and remember."""
        try:
            answer = await self.fetch(key)
            self.answers[key] = (self.clock() + self.seconds, answer)
            return answer
        finally:
            del self.calls[key]
