"""Let people write at the same moment, in transactions that are real.

Start the writers at a barrier, each with a connection of its own, and read meanwhile as a client
does that comes back. The trap is a number that is taken when the message is made: whoever commits
later shows up behind a number that others have read already, and is missed for ever.
Code: chat/history.py
"""

from concurrent.futures import ThreadPoolExecutor
from inspect import unwrap
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from chat.history import messages, store

WRITERS, EACH = 6, 15

# Their functions, for these threads are the test's own.
write: Any = unwrap(store)
read: Any = unwrap(messages)


def write_some(together: Barrier, name: str) -> list[int]:
    """Write, beside the others; return the numbers that were acknowledged."""
    together.wait(timeout=5)
    try:
        return [write("lobby", "Hello", key=f"{name}-{n}")["id"] for n in range(EACH)]
    finally:
        connections.close_all()


def read_meanwhile(together: Barrier) -> list[list[int]]:
    """Read what is new, again and again, until all is read."""
    together.wait(timeout=5)
    parts: list[list[int]] = []
    last = 0
    try:
        while last < WRITERS * EACH:
            parts.append([message["id"] for message in read("lobby", after=last)])
            last = max([last, *parts[-1]])
        return parts
    finally:
        connections.close_all()


@pytest.mark.django_db
def test_numbers_have_no_gap_if_one_writes_after_the_other() -> None:
    everything = list(range(1, EACH + 1))

    assert [write("lobby", "Hello", key=str(n))["id"] for n in everything] == everything
    assert [message["id"] for message in read("lobby", after=0)] == everything


@pytest.mark.postgresql
@pytest.mark.timeout(30)
@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_none_shows_up_behind_one_that_was_read() -> None:
    together = Barrier(WRITERS + 1)
    everything = list(range(1, WRITERS * EACH + 1))
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(read_meanwhile, together)
        writers = [pool.submit(write_some, together, str(n)) for n in range(WRITERS)]

        acknowledged = [number for writer in writers for number in writer.result()]

        assert sorted(acknowledged) == everything
        assert [number for part in reader.result() for number in part] == everything
