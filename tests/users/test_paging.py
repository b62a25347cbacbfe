"""Test a list that comes in pages, to its end.

Follow ``next`` as a client does, on a page size that leaves a short last page, and once on one that
does not. The traps: an offset, which skips a row when an earlier one is deleted in between; a
client that may ask for everything after all; and counting, which costs a query on every page.
"""

from typing import Any

import pytest
from django.test import AsyncClient

from tests.factories import acreate_users
from users import paging

pytestmark = pytest.mark.django_db


async def ids_on(client: AsyncClient, address: str) -> tuple[list[int], str]:
    """Return the ids on a page, and the address of the next page."""
    page = (await client.get(address)).json()
    return [row["id"] for row in page["users"]], page.get("next", "")


async def test_the_last_page_is_short_and_has_no_next(async_client: AsyncClient) -> None:
    one, two, three = await acreate_users(3)

    first, next_page = await ids_on(async_client, "/api/users/?limit=2")
    last = await ids_on(async_client, next_page)

    assert (first, last) == ([one.pk, two.pk], ([three.pk], ""))


async def test_a_page_may_have_one_row_and_begin_at_the_beginning(
    async_client: AsyncClient,
) -> None:
    one, _ = await acreate_users(2)

    assert await ids_on(async_client, "/api/users/?after=0&limit=1") == (
        [one.pk],
        f"/api/users/?after={one.pk}&limit=1",
    )


async def test_a_page_that_is_just_full_is_the_last_one(async_client: AsyncClient) -> None:
    one, two = await acreate_users(2)

    assert await ids_on(async_client, "/api/users/?limit=2") == ([one.pk, two.pk], "")


async def test_a_row_deleted_in_between_makes_nobody_skip_another(
    async_client: AsyncClient,
) -> None:
    one, _, three = await acreate_users(3)
    _, next_page = await ids_on(async_client, "/api/users/?limit=2")

    await one.adelete()

    assert await ids_on(async_client, next_page) == ([three.pk], "")


async def test_without_a_limit_there_still_is_one(
    async_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "LIMIT", 1)
    one, _ = await acreate_users(2)

    assert await ids_on(async_client, "/api/users/") == (
        [one.pk],
        f"/api/users/?after={one.pk}&limit=1",
    )


async def test_a_page_is_one_query_for_one_row_more(
    async_client: AsyncClient, aassert_num_queries: Any
) -> None:
    await acreate_users(3)

    async with aassert_num_queries(1) as queries:
        await async_client.get("/api/users/?limit=2")

    assert queries[0]["sql"].endswith("LIMIT 3")


async def test_after_an_id_larger_than_the_database_can_hold_is_nobody(
    async_client: AsyncClient,
) -> None:
    await acreate_users(1)

    assert await ids_on(async_client, f"/api/users/?after={'9' * 30}") == ([], "")


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=all", "limit"),
        ("after=-1", "after"),
        ("after=" + "9" * 5000, "after"),
    ],
    ids=["none", "too many", "no number", "negative", "too long for an int"],
)
async def test_what_is_no_page_is_a_bad_request(
    async_client: AsyncClient, query: str, wrong: str
) -> None:
    response = await async_client.get(f"/api/users/?{query}")

    assert response.status_code == 400
    assert list(response.json()) == [wrong]
