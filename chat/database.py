"""The sockets' way to the database, on which nobody waits for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import OperationalError

P = ParamSpec("P")
R = TypeVar("R")


def in_time(function: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """Call a function in the thread that has the database connection.

    All sockets of a process share that thread. While the database is silent each call keeps it
    until its own time is over, and who is the twentieth would wait for the nineteen before. So
    nobody waits for longer than twice ``DATABASE_SILENCE``; a call that has not begun by then never
    does, and one that has may still succeed, of which the caller learns nothing.

    Raises:
        OperationalError: It took too long; the coroutine raises it.
    """
    visit = database_sync_to_async(function)

    @wraps(function)
    async def visit_in_time(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            async with asyncio.timeout(2 * settings.DATABASE_SILENCE):
                answer: R = await visit(*args, **kwargs)
        except TimeoutError:
            raise OperationalError("no answer, and others wait too") from None
        return answer

    return visit_in_time
