"""A coroutine awaited twice.

Calling an async function makes a coroutine, which runs once. One that is kept, in a variable, as a
mock's ``return_value``, in a fixture that returns ``fetch()``, serves the first ``await`` only.

Message: RuntimeError: cannot reuse already awaited coroutine
Cure: keep the function, or the result; for a mock, `AsyncMock(return_value=result)`
Seen on: Python 3.11 and 3.13
Upstream: https://docs.python.org/3/library/asyncio-task.html#coroutines
"""

from unittest.mock import AsyncMock, Mock

import pytest


async def fetch() -> dict[str, str]:
    return {"key": "value"}


async def test_a_coroutine_serves_one_await() -> None:
    mock = Mock(return_value=fetch())
    await mock()

    with pytest.raises(RuntimeError, match="cannot reuse already awaited coroutine"):
        await mock()


async def test_an_async_mock_serves_any_number() -> None:
    mock = AsyncMock(return_value={"key": "value"})
    await mock()

    assert await mock() == {"key": "value"}
