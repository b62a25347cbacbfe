"""Give every test a cache of its own.

Use the plugin as soon as anything caches: an answer that one test has cached is otherwise there in
the next, and with Redis in another process's, too. The trap is ``cache.clear()``, which empties a
Redis that others share, and comes too late for a test that fails.
"""

import pytest
import time_machine
from django.core.cache import cache, caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from pytest_django import Settings


@pytest.mark.parametrize("turn", ["one test", "another"])
async def test_what_one_test_caches_no_other_finds(turn: str) -> None:
    assert await cache.aadd("key", turn)  # False if somebody has


@pytest.mark.usefixtures("cache_in_memory")
async def test_an_entry_expires_without_waiting() -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        await cache.aset("key", "value", timeout=60)
        clock.shift(59)
        before = await cache.aget("key")
        clock.shift(2)

        assert (before, await cache.aget("key")) == ("value", None)


async def test_on_any_backend_an_entry_can_be_made_to_expire() -> None:
    await cache.aset("key", "value", timeout=60)

    await cache.atouch("key", timeout=0)

    assert await cache.aget("key") is None


def test_its_entries_can_be_told_from_those_of_the_server() -> None:
    assert caches["default"].key_prefix.startswith("test-")


@pytest.fixture
def another_backend(settings: Settings, _cache_of_its_own: None) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "BACKEND": f"{DummyCache.__module__}.DummyCache"}
    }


@pytest.mark.usefixtures("another_backend", "cache_in_memory")
def test_the_cache_in_memory_takes_the_place_of_any_other() -> None:
    assert isinstance(caches["default"], LocMemCache)
    assert caches["default"].key_prefix.startswith("test-")
