"""Ask several outside APIs at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from external.api import ExternalApiError

Answer = dict[str, Any]


async def gather_answers(
    fetch: Callable[[str], Awaitable[Answer]], urls: Mapping[str, str]
) -> dict[str, Answer]:
    """Return what each API says, by name: ``{"data": …}``, or ``{"error": …}`` if it failed.

    All are asked at once, so it takes as long as the slowest, not as all together. One that fails
    costs its own part of the answer: the others are no less true for it. (Where half an answer is
    worthless, let the error go on: the group then cancels the rest at once.) The group also ends
    with its caller: of a client who leaves, no call goes on.
    """

    async def ask(url: str) -> Answer:
        try:
            return {"data": await fetch(url)}
        except ExternalApiError as error:
            return {"error": str(error)}

    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(ask(url)) for name, url in urls.items()}
    return {name: task.result() for name, task in tasks.items()}
