"""``aget_or_set`` with a function.

``aget_or_set`` awaits the cache and nothing else. A function that it is given is called in the
event loop: if it is async, the coroutine itself goes into the cache, and if it is sync and uses the
ORM, Django refuses.

Message: TypeError: cannot pickle 'coroutine' object
Message: You cannot call this from an async context - use a thread or sync_to_async.
Told by: the line is `await cache.aget_or_set(key, function)`
Cure: `await sync_to_async(cache.get_or_set)(key, sync_function, timeout)`
Seen on: Django 5.2.19 and 6.1.3
Upstream: none known
"""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.exceptions import SynchronousOnlyOperation

pytestmark = pytest.mark.django_db


async def test_an_async_function_is_not_awaited() -> None:
    with pytest.raises(TypeError, match="cannot pickle 'coroutine' object") as caught:
        await cache.aget_or_set("groups", Group.objects.acount)
    [frame] = [entry.frame for entry in caught.traceback if entry.name == "aget_or_set"]
    frame.f_locals["default"].close()  # nobody else would


async def test_a_sync_function_is_called_in_the_event_loop() -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        await cache.aget_or_set("groups", Group.objects.count)


async def test_get_or_set_in_a_thread_calls_it_there() -> None:
    assert await sync_to_async(cache.get_or_set)("groups", Group.objects.count) == 0


async def test_a_value_is_what_aget_or_set_is_for() -> None:
    assert await cache.aget_or_set("greeting", "Hello") == "Hello"
