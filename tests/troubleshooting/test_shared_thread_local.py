"""A ``threading.local`` that two requests share.

Middleware of audit packages keeps the user of the request there, and reads it when a row is saved.
Requests that run in one thread, in turns, read what the other wrote. Django gives each request a
thread of its own; an executor that serves several breaks that, and so does everything sync outside
of a request, which shares asgiref's one thread.

Message: the audit log, or `get_current_user()`, names somebody else's user
Cure: lend each request a thread for itself; or keep the user in a ContextVar
Seen on: asgiref 3.13.0, Python 3.11 and 3.13
"""

import asyncio
import contextvars
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from asgiref.sync import ThreadSensitiveContext, sync_to_async

from myproject.threads import Lease, Threads

local = threading.local()
variable = contextvars.ContextVar[str]("variable")


def write_local(user: str) -> None:
    local.user = user


def read_local() -> str:
    user: str = local.user
    return user


async def request(
    user: str,
    executor: Executor,
    both: asyncio.Barrier,
    write: Callable[[str], object] = write_local,
    read: Callable[[], str] = read_local,
) -> str:
    """Write who it is, let the other do so too, and read it again."""
    async with ThreadSensitiveContext(executor=executor):
        await sync_to_async(write)(user)
        await both.wait()
        return await sync_to_async(read)()


@pytest.fixture
def shared() -> Iterator[Executor]:
    """One thread for everybody."""
    with ThreadPoolExecutor(1) as executor:
        yield executor


@pytest.fixture
def leases() -> Iterator[list[Lease]]:
    """A thread for each of two."""
    threads = Threads("http", few=2, most=2)
    leases = [Lease(threads), Lease(threads)]
    yield leases
    for lease in leases:
        lease.end()
    threads.close()


async def test_requests_that_share_a_thread_read_what_the_other_wrote(shared: Executor) -> None:
    both = asyncio.Barrier(2)

    users = await asyncio.gather(request("ada", shared, both), request("bob", shared, both))

    assert users[0] == users[1]


async def test_with_a_thread_each_they_read_their_own(leases: list[Lease]) -> None:
    both = asyncio.Barrier(2)

    users = await asyncio.gather(request("ada", leases[0], both), request("bob", leases[1], both))

    assert list(users) == ["ada", "bob"]


async def test_a_context_variable_is_each_requests_own_in_any_thread(shared: Executor) -> None:
    both = asyncio.Barrier(2)

    users = await asyncio.gather(
        request("ada", shared, both, variable.set, variable.get),
        request("bob", shared, both, variable.set, variable.get),
    )

    assert list(users) == ["ada", "bob"]
