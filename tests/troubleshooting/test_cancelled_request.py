"""A cancelled request that goes on writing.

When a client disconnects, Django cancels the view at its next ``await``. A thread cannot be
cancelled: the write it has begun is finished, the one after it never happens, and the data is
half written.

Message: none; `asyncio.CancelledError` in the view, and half of its rows are in the database
Cure: put writes that belong together into one `sync_to_async` function with `atomic`
Seen on: Django 5.2.19 and 6.1.3, asgiref 3.13.0
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#handling-disconnects
"""

import asyncio
from collections.abc import Coroutine
from threading import Event
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import transaction

pytestmark = pytest.mark.django_db


class SlowWrites:
    """Writes, the first of which waits in its thread until the client is gone."""

    def __init__(self) -> None:
        self.writing = Event()
        self.client_is_gone = Event()

    def write(self, name: str) -> None:
        self.writing.set()
        assert self.client_is_gone.wait(timeout=5)
        Group.objects.create(name=name)

    def write_both(self) -> None:
        with transaction.atomic():
            self.write("debit")
            self.write("credit")

    async def disconnect_during(self, view: Coroutine[Any, Any, None]) -> None:
        request = asyncio.create_task(view)
        await asyncio.to_thread(self.writing.wait)
        request.cancel()
        self.client_is_gone.set()
        with pytest.raises(asyncio.CancelledError):
            await request


async def transfer_in_two_steps(slow: SlowWrites) -> None:
    await sync_to_async(slow.write)("debit")
    await sync_to_async(slow.write)("credit")


async def transfer_in_one(slow: SlowWrites) -> None:
    await sync_to_async(slow.write_both)()


async def names() -> list[str]:
    return [group.name async for group in Group.objects.order_by("pk")]


async def test_a_disconnect_tears_two_writes_apart() -> None:
    slow = SlowWrites()

    await slow.disconnect_during(transfer_in_two_steps(slow))

    assert await names() == ["debit"]


async def test_a_client_that_stays_sees_both_writes() -> None:
    slow = SlowWrites()
    slow.client_is_gone.set()

    await transfer_in_two_steps(slow)

    assert await names() == ["debit", "credit"]


async def test_two_writes_in_one_function_stay_together() -> None:
    slow = SlowWrites()

    await slow.disconnect_during(transfer_in_one(slow))

    assert await names() == ["debit", "credit"]
