"""A ``threading.local`` in async code.

What a middleware keeps there (the user, the tenant) belongs to a thread. A coroutine and the sync
code it calls run in different ones, so it is missing; and requests share each of them, so it may be
somebody else's. A context variable, or asgiref's ``Local`` where old code wants attributes, belongs
to the request.

Message: AttributeError: '_thread._local' object has no attribute 'user'
Cure: `contextvars.ContextVar`, or `asgiref.local.Local()`
Seen on: asgiref 3.13.0, Python 3.11 and 3.13
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#asgiref.sync.sync_to_async
"""

import asyncio
import re
import threading
from typing import Any

import pytest
from asgiref.local import Local
from asgiref.sync import sync_to_async


async def serve(current: Any, user: str, barrier: asyncio.Barrier) -> str:
    """Do what a request does: a middleware notes the user, and later a view asks for it."""
    current.user = user
    await barrier.wait()  # others are served
    return str(current.user)


async def serve_ada_and_bob(current: Any) -> list[str]:
    barrier = asyncio.Barrier(2)
    users = await asyncio.gather(serve(current, "ada", barrier), serve(current, "bob", barrier))
    return list(users)


async def test_sync_code_does_not_find_what_a_coroutine_has_set() -> None:
    current = threading.local()
    current.user = "ada"

    with pytest.raises(AttributeError, match=re.escape("_local' object has no attribute 'user'")):
        await sync_to_async(lambda: current.user)()


async def test_requests_at_the_same_time_see_one_user() -> None:
    assert await serve_ada_and_bob(threading.local()) == ["bob", "bob"]


async def test_with_local_each_sees_its_own() -> None:
    assert await serve_ada_and_bob(Local()) == ["ada", "bob"]


async def test_sync_code_finds_what_is_in_local() -> None:
    current = Local()
    current.user = "ada"

    assert await sync_to_async(lambda: current.user)() == "ada"
