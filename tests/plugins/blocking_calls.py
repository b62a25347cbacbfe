"""Fail a test whose code blocks the event loop.

A blocking call (``time.sleep``, a sync HTTP client, a file) in a coroutine stops every other
client of the process. No test notices, until blockbuster makes the call itself raise.

Needs: blockbuster, pytest-django
"""

from collections.abc import Iterator

import pytest
from blockbuster import BlockBuster, blockbuster_ctx
from django.template import engines
from django.urls import get_resolver


@pytest.fixture(scope="session", autouse=True)
def blockbuster() -> Iterator[BlockBuster]:
    """Raise ``BlockingError`` where a running event loop is blocked, for the whole run."""
    # Django imports the URLconf, and through it every view, at the first request, and looks for
    # template tags at the first template: in the loop. A server does that once, so it is no defect
    # of the test that happens to come first.
    _ = get_resolver().url_patterns
    engines.all()
    with blockbuster_ctx() as blockbuster:
        # coverage takes a lock for each file that it meets, wherever that is.
        lock = blockbuster.functions["threading.Lock.acquire"]
        lock.can_block_in("coverage/collector.py", "lock_data")
        yield blockbuster
