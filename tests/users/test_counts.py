"""Test what is cached: how often it is computed, and when anew.

Count the queries, and move the clock of the cache in memory instead of waiting. The trap is
``aget_or_set``: it calls what it is given in the event loop, where the ORM may not be used, and it
does not await. ``sync_to_async(cache.get_or_set)`` takes the sync function, in a thread.
"""

from typing import Any

import pytest
import time_machine
from django.test import AsyncClient

from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


async def count(client: AsyncClient) -> int:
    response = await client.get("/api/users/count/")
    return int(response.json()["count"])


async def test_it_is_looked_up_once(async_client: AsyncClient, aassert_num_queries: Any) -> None:
    await acreate_user()

    async with aassert_num_queries(1):
        assert await count(async_client) == 1
        assert await count(async_client) == 1


@pytest.mark.usefixtures("cache_in_memory")
@pytest.mark.parametrize(
    ("seconds", "counted"), [(59, 1), (60, 2)], ids=["within a minute", "after a minute"]
)
async def test_it_is_looked_up_anew_after_a_minute(
    async_client: AsyncClient, seconds: float, counted: int
) -> None:
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        await acreate_user()
        await count(async_client)
        await acreate_user()

        clock.shift(seconds)

        assert await count(async_client) == counted


async def test_it_can_only_be_read(async_client: AsyncClient) -> None:
    response = await async_client.post("/api/users/count/")

    assert response.status_code == 405
