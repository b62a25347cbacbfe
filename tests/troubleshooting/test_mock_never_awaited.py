"""A mocked coroutine that was called and never awaited.

``assert_called_once`` counts calls, so it passes for code that forgot ``await`` and did nothing. A
warning is all that tells, and names the mock's inside.

Message: RuntimeWarning: coroutine 'AsyncMockMixin._execute_mock_call' was never awaited
Message: AssertionError: Expected mock to have been awaited once. Awaited 0 times.
Cure: `assert_awaited_once()`; and `filterwarnings = error`
Seen on: Python 3.11 and 3.13
Upstream: https://docs.python.org/3/library/unittest.mock.html#unittest.mock.AsyncMock.assert_awaited
"""

from typing import Any
from unittest.mock import AsyncMock

import pytest


async def careless(send_mail: Any) -> None:
    send_mail("alice@example.com")


async def careful(send_mail: Any) -> None:
    await send_mail("alice@example.com")


async def test_assert_called_does_not_see_a_forgotten_await() -> None:
    send_mail = AsyncMock()

    with pytest.warns(
        RuntimeWarning, match="coroutine 'AsyncMockMixin._execute_mock_call' was never awaited"
    ):
        await careless(send_mail)

    send_mail.assert_called_once_with("alice@example.com")
    with pytest.raises(AssertionError, match="Expected mock to have been awaited once"):
        send_mail.assert_awaited_once()


async def test_assert_awaited_sees_the_await() -> None:
    send_mail = AsyncMock()

    await careful(send_mail)

    send_mail.assert_awaited_once_with("alice@example.com")
