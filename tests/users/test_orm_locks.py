"""Lock rows with SELECT … FOR UPDATE in async code, and test it with two transactions.

Use ``transaction=True``, and a thread for each side: a lock shows only between connections. The
whole ``atomic`` block belongs into one sync function; there is no async one. The trap is SQLite,
which ignores FOR UPDATE without a word, so tests of it are marked ``postgresql``.
Code: users/models.py
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, transaction

from tests.factories import acreate_user
from users.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@asynccontextmanager
async def locked(user: User) -> AsyncIterator[None]:
    """Hold the lock on a user's row, in another thread and so in another transaction."""
    is_locked, release = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            is_locked.set()
            release.wait()

    holder = asyncio.create_task(sync_to_async(hold, thread_sensitive=False)())
    await asyncio.to_thread(is_locked.wait)
    try:
        yield
    finally:
        release.set()
        await holder


@sync_to_async
def take(user: User, *, nowait: bool = False, skip_locked: bool = False) -> list[User]:
    """Lock the row, and return it."""
    lock = User.objects.select_for_update(nowait=nowait, skip_locked=skip_locked)
    with transaction.atomic():
        return list(lock.filter(pk=user.pk))


async def test_a_row_that_nobody_holds_is_had_at_once() -> None:
    user = await acreate_user()

    assert await take(user) == [user]


@pytest.mark.postgresql
async def test_a_locked_row_is_refused_to_those_who_will_not_wait() -> None:
    user = await acreate_user()

    async with locked(user):
        with pytest.raises(OperationalError, match="could not obtain lock"):
            await take(user, nowait=True)


@pytest.mark.postgresql
async def test_a_locked_row_is_passed_over_by_those_who_skip() -> None:
    user = await acreate_user()

    async with locked(user):
        assert await take(user, skip_locked=True) == []


@pytest.mark.postgresql
async def test_those_who_wait_get_the_row_when_the_other_transaction_ends() -> None:
    user = await acreate_user()

    async with locked(user):
        waiting = asyncio.create_task(take(user))
        assert await asyncio.wait([waiting], timeout=0.05) == (set(), {waiting})

    assert await waiting == [user]


@pytest.mark.postgresql
async def test_a_row_may_be_read_while_it_is_locked() -> None:
    user = await acreate_user()

    async with locked(user):
        assert await User.objects.aget(pk=user.pk) == user
