"""Test a REST API's list: pages, search and order (adrf).

Walk the pages by the ``next`` that the API itself gives, and search for something that not all
rows have. DRF's own paginators and filters work in adrf's viewsets, which send them to a thread.
The trap is a list without an order: rows may then be on two pages, or on none.
"""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import AsyncClient

from tests.factories import acreate_user, acreate_users

pytestmark = pytest.mark.django_db

LOGIN_FIELD = get_user_model().USERNAME_FIELD


@pytest.fixture
async def client(async_client: AsyncClient) -> AsyncClient:
    """A client in which somebody is logged in, whose name comes first."""
    await async_client.aforce_login(await acreate_user(**{LOGIN_FIELD: "a@example.com"}))
    return async_client


async def names_on(client: AsyncClient, address: str) -> tuple[list[str], str]:
    """Return the names on a page, and the address of the next page."""
    page = (await client.get(address)).json()
    return [row[LOGIN_FIELD] for row in page["results"]], page["next"] or ""


async def test_a_page_has_rows_their_number_and_its_neighbours(client: AsyncClient) -> None:
    users = await acreate_users(2)

    response = await client.get("/api/v1/users/?limit=1&offset=1")

    address = "http://testserver/api/v1/users/?limit=1"
    assert response.status_code == 200
    assert response.json() == {
        "count": 3,
        "next": f"{address}&offset=2",
        "previous": address,
        "results": [{"id": users[0].pk, LOGIN_FIELD: users[0].get_username(), "last_login": None}],
    }


async def test_the_pages_have_everybody_once(client: AsyncClient) -> None:
    users = await acreate_users(2)

    first, next_page = await names_on(client, "/api/v1/users/?limit=2")
    last, end = await names_on(client, next_page)

    assert [*first, *last] == ["a@example.com", *(user.get_username() for user in users)]
    assert end == ""


async def test_a_client_cannot_ask_for_everything(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("users.api.Pages.max_limit", 1)
    await acreate_users(1)

    names, _ = await names_on(client, "/api/v1/users/?limit=1000000")

    assert names == ["a@example.com"]


async def test_the_most_that_a_page_has_is_a_hundred(client: AsyncClient) -> None:
    response = await client.get("/api/v1/users/?limit=1000000&offset=1")

    assert response.json()["previous"] == "http://testserver/api/v1/users/?limit=100"


async def test_who_asks_for_no_limit_gets_twenty(client: AsyncClient) -> None:
    await acreate_users(20)

    names, _ = await names_on(client, "/api/v1/users/")

    assert len(names) == 20


async def test_an_offset_beyond_the_end_is_an_empty_page(client: AsyncClient) -> None:
    assert await names_on(client, f"/api/v1/users/?offset={'9' * 30}") == ([], "")


async def test_a_search_shows_whom_it_finds(client: AsyncClient) -> None:
    await acreate_user(**{LOGIN_FIELD: "grace@example.com"})

    names, _ = await names_on(client, "/api/v1/users/?search=GRACE")

    assert names == ["grace@example.com"]


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        (LOGIN_FIELD, ["a@example.com", "b@example.com", "z@example.com"]),
        (f"-{LOGIN_FIELD}", ["z@example.com", "b@example.com", "a@example.com"]),
        ("last_login", ["b@example.com", "z@example.com", "a@example.com"]),
        ("-id", ["a@example.com", "z@example.com", "b@example.com"]),
        ("password", ["a@example.com", "z@example.com", "b@example.com"]),
        ("", ["a@example.com", "z@example.com", "b@example.com"]),
    ],
    ids=["up", "down", "by last login", "by id", "by what is nobody's business", "as they came"],
)
async def test_the_order_is_the_client_s_choice(
    client: AsyncClient, ordering: str, expected: list[str]
) -> None:
    await acreate_user(**{LOGIN_FIELD: "z@example.com"}, last_login="2001-01-01T00:00:00Z")
    await acreate_user(**{LOGIN_FIELD: "b@example.com"}, last_login="2000-01-01T00:00:00Z")

    names, _ = await names_on(client, f"/api/v1/users/?ordering={ordering}")

    assert names == expected


async def test_a_page_takes_as_many_queries_with_many_rows_as_with_one(
    client: AsyncClient, aassert_num_queries: Any
) -> None:
    await acreate_users(10)

    async with aassert_num_queries(4):  # session and user; count and rows
        await client.get("/api/v1/users/")
