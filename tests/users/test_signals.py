"""Test signals with async receivers: ``asend``, ``asend_robust``, and what ``asave`` sets off.

Async receivers run at the same time, in the sender's event loop; sync ones one after the other, in
the thread of the ORM. An error in one ends ``asend``, while ``asend_robust`` logs it and goes on.
The traps: plain ``send`` waits for async receivers, which a coroutine may not do, and a receiver
that nobody refers to is never called.
"""

import asyncio
import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models.signals import post_save

from tests.factories import UserFactory, acreate_user
from users.signals import announce_user_created, user_created

User = get_user_model()


@pytest.fixture(autouse=True)
def _nobody_listens_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    # Undone at the end, with whatever the test connects.
    monkeypatch.setattr(user_created, "receivers", [])


@pytest.fixture
def loops() -> Iterator[list[asyncio.AbstractEventLoop]]:
    """The event loops in which a receiver of Django's ``post_save`` has run."""
    loops = []

    async def note_loop(**kwargs: Any) -> None:
        loops.append(asyncio.get_running_loop())

    post_save.connect(note_loop, sender=Group)
    yield loops
    post_save.disconnect(note_loop, sender=Group)


async def test_everybody_is_told_who_it_is() -> None:
    heard: list[Any] = []

    async def greet(sender: Any, user: Any, **kwargs: Any) -> None:
        heard.append((sender, user))

    user_created.connect(greet)
    ada = UserFactory.build()

    await announce_user_created(ada)

    assert heard == [(User, ada)]


async def test_async_receivers_run_at_the_same_time() -> None:
    both_are_there = asyncio.Barrier(2)  # receivers that take turns never get past it

    async def greet(**kwargs: Any) -> None:
        await both_are_there.wait()

    async def count(**kwargs: Any) -> None:
        await both_are_there.wait()

    user_created.connect(greet)
    user_created.connect(count)

    async with asyncio.timeout(5):
        await announce_user_created(UserFactory.build())


async def test_the_answers_are_in_order_the_sync_ones_first() -> None:
    async def slow(**kwargs: Any) -> str:
        await asyncio.sleep(0)
        return "slow"

    async def quick(**kwargs: Any) -> str:
        return "quick"

    def sync(**kwargs: Any) -> str:
        return "sync"

    user_created.connect(slow)
    user_created.connect(quick)
    user_created.connect(sync)

    answers: list[Any] = await user_created.asend(sender=User)

    assert answers == [(sync, "sync"), (slow, "slow"), (quick, "quick")]


@pytest.mark.django_db
async def test_a_sync_receiver_may_use_the_orm() -> None:
    def count(**kwargs: Any) -> Any:
        return User.objects.count()

    user_created.connect(count)
    await acreate_user()

    answers: list[Any] = await user_created.asend(sender=User)

    assert answers == [(count, 1)]


async def test_a_sync_receiver_runs_where_the_orm_does() -> None:
    def thread(**kwargs: Any) -> Any:
        return threading.get_ident()

    user_created.connect(thread)

    answers: list[Any] = await user_created.asend(sender=User)

    assert answers == [(thread, await sync_to_async(threading.get_ident)())]


async def test_an_error_of_a_receiver_reaches_who_sends_with_asend() -> None:
    async def fail(**kwargs: Any) -> None:
        raise LookupError("no such room")

    user_created.connect(fail)

    with pytest.raises(LookupError, match="no such room"):
        await user_created.asend(sender=User)


async def test_a_receiver_that_fails_is_logged_and_the_others_hear(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard = []

    async def fail(**kwargs: Any) -> None:
        raise LookupError("no such room")

    async def greet(user: Any, **kwargs: Any) -> None:
        heard.append(user)

    user_created.connect(fail)
    user_created.connect(greet)
    ada = UserFactory.build()

    await announce_user_created(ada)

    assert heard == [ada]
    assert "fail in Signal.send_robust() (no such room)" in caplog.text


async def test_send_cannot_wait_for_an_async_receiver_in_a_coroutine() -> None:
    async def greet(**kwargs: Any) -> None:
        """Do nothing."""

    user_created.connect(greet)

    with pytest.raises(RuntimeError, match="You cannot use AsyncToSync in the same thread"):
        user_created.send(sender=User)


async def test_a_receiver_that_nobody_refers_to_is_forgotten() -> None:
    def connect() -> None:
        async def greet(**kwargs: Any) -> None:
            """Do nothing."""

        user_created.connect(greet)  # `weak=False` would keep it

    connect()
    gc.collect()

    assert await user_created.asend(sender=User) == []


@pytest.mark.django_db
async def test_acreate_runs_an_async_receiver_of_post_save_in_the_loop_it_is_awaited_in(
    loops: list[asyncio.AbstractEventLoop],
) -> None:
    await Group.objects.acreate(name="Chemists")

    assert loops == [asyncio.get_running_loop()]
