"""``sync_to_async`` around a call, or around an async function.

It takes the *function*: ``sync_to_async(f(x))`` calls ``f`` in the coroutine and wraps the result.
An async function needs no wrapping at all.

Message: TypeError: sync_to_async can only be applied to sync functions.
Message: TypeError: object SyncToAsync can't be used in 'await' expression
Message: TypeError: 'SyncToAsync' object can't be awaited
Cure: `await sync_to_async(f)(x)`: the arguments go into the second pair of brackets
Seen on: asgiref 3.13.0
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#asgiref.sync.sync_to_async
"""

from typing import Any

import pytest
from asgiref.sync import sync_to_async

MESSAGE = "sync_to_async can only be applied to sync functions"


def double(number: int) -> int:
    return 2 * number


async def test_a_result_cannot_be_wrapped() -> None:
    result: Any = double(2)

    with pytest.raises(TypeError, match=MESSAGE):
        sync_to_async(result)


async def test_an_async_function_cannot_be_wrapped() -> None:
    async def fetch() -> None: ...

    function: Any = fetch

    with pytest.raises(TypeError, match=MESSAGE):
        sync_to_async(function)


async def test_the_function_is_wrapped_and_the_wrapper_called() -> None:
    assert await sync_to_async(double)(2) == 4
