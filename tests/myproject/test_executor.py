"""Count the threads that requests run in.

Use this wherever connections stay open (``CONN_MAX_AGE``, a pool): a connection belongs to a
thread, so threads that come and go leave connections behind until the database refuses more.
Count after a burst, not after one request.
"""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from myproject.executor import PersistentThreads


@pytest.fixture
def seen() -> list[str]:
    """The names of the threads that requests ran in."""
    return []


@pytest.fixture
def application(seen: list[str]) -> PersistentThreads:
    """An application that notes its thread, on two persistent ones."""

    async def note_thread(scope: dict[str, Any], receive: Any, send: Any) -> None:
        seen.append(await sync_to_async(lambda: threading.current_thread().name)())

    return PersistentThreads(note_thread, threads=2, reserved=["/healthz"])


async def test_a_burst_of_requests_runs_in_as_many_threads_as_there_are(
    application: PersistentThreads, seen: list[str]
) -> None:
    await asyncio.gather(*(application({"path": "/"}, None, None) for _ in range(100)))

    assert sorted(seen) == ["http-0_0"] * 50 + ["http-1_0"] * 50


async def test_a_reserved_path_has_a_thread_of_its_own(
    application: PersistentThreads, seen: list[str]
) -> None:
    await asyncio.gather(*(application({"path": "/healthz"}, None, None) for _ in range(3)))

    assert seen == ["http/healthz_0"] * 3


async def test_everything_in_one_request_runs_in_one_thread(seen: list[str]) -> None:
    async def note_three_times(scope: dict[str, Any], receive: Any, send: Any) -> None:
        for _ in range(3):
            seen.append(await sync_to_async(lambda: threading.current_thread().name)())

    await PersistentThreads(note_three_times, threads=4)({"path": "/"}, None, None)

    assert seen == ["http-0_0"] * 3
