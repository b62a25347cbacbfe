"""Test a page.

Use ``AsyncClient`` and look at what the visitor sees. The trap is rendering in the coroutine: a
template is a file, and one that reaches the ORM raises ``SynchronousOnlyOperation``; so the view
renders in a thread.
"""

import asyncio
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from django.test import AsyncClient
from pytest_mock import MockerFixture

from external.api import ExternalApiError
from myproject.catalogue.catalogue import Catalogue
from tests.factories import acreate_user, acreate_users
from users.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fetch(mocker: MockerFixture) -> AsyncMock:
    """Let the outside API answer at once."""
    return mocker.patch(
        "myproject.views.external_api.fetch", AsyncMock(return_value={"weather": "fine"})
    )


async def page(async_client: AsyncClient, address: str) -> str:
    response = await async_client.get(address)
    assert response.status_code == 200
    return response.content.decode()


async def test_the_home_page_lists_the_patterns(async_client: AsyncClient) -> None:
    html = await page(async_client, "/")

    assert '<a href="/patterns/users-views/">Test an async view</a>' in html


async def test_the_home_page_lists_tasks_before_groups(async_client: AsyncClient) -> None:
    tasks, _, groups = (await page(async_client, "/")).partition('<section id="patterns"')

    assert '<h2 id="tasks">I want to test …</h2>' in tasks
    assert '<a href="/patterns/users-views/">an async view</a>' in tasks
    assert "<h2>Views</h2>" in groups


async def test_a_search_shows_what_it_finds_and_what_was_searched(
    async_client: AsyncClient,
) -> None:
    html = await page(async_client, "/?q=%3C12%3E")

    assert "No pattern has any of these words." in html
    assert ">&lt;12&gt;</textarea>" in html


async def test_the_home_page_shows_who_is_there(
    async_client: AsyncClient, sample_users: list[User]
) -> None:
    await acreate_user(name="<Ada>")

    html = await page(async_client, "/")

    assert "<strong>4</strong> people" in html
    assert "&lt;Ada&gt;" in html


async def test_of_many_people_the_home_page_shows_the_first_five(
    async_client: AsyncClient,
) -> None:
    await acreate_users(5)
    await acreate_user(name="The sixth")

    html = await page(async_client, "/")

    assert "<strong>6</strong> people" in html
    assert "The sixth" not in html


async def test_the_home_page_is_only_read(async_client: AsyncClient) -> None:
    assert (await async_client.post("/")).status_code == 405


async def test_the_home_page_shows_what_the_outside_api_says(async_client: AsyncClient) -> None:
    assert "<dt>weather</dt><dd>fine</dd>" in await page(async_client, "/")


async def test_the_home_page_survives_an_outside_api_that_fails(
    async_client: AsyncClient, fetch: AsyncMock
) -> None:
    fetch.side_effect = ExternalApiError("The outside API answered 500.")

    assert ">The outside API answered 500.</p>" in await page(async_client, "/")


async def test_the_home_page_does_not_wait_long_for_the_outside_api(
    async_client: AsyncClient, fetch: AsyncMock, mocker: MockerFixture
) -> None:
    fetch.side_effect = asyncio.Event().wait  # for ever
    mocker.patch("myproject.views.PATIENCE", 0.01)

    words = ">The outside API did not answer within 0.01 s.</p>"
    assert words in await page(async_client, "/")


@pytest.fixture
def no_tests_folder(mocker: MockerFixture, tmp_path: Path) -> None:
    """Run without the tests, as after a deployment that leaves them out."""
    mocker.patch("myproject.catalogue.views.get_catalogue", return_value=Catalogue(tmp_path))


@pytest.mark.usefixtures("no_tests_folder")
async def test_without_tests_the_home_page_is_still_served(async_client: AsyncClient) -> None:
    html = await page(async_client, "/")

    assert "There is no <code>tests</code> folder beside this server" in html


async def test_an_unknown_address_is_not_found(async_client: AsyncClient) -> None:
    response = await async_client.get("/nothing/here/")

    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()


async def test_a_defect_is_not_taken_for_an_outside_api_that_fails(
    async_client: AsyncClient, fetch: AsyncMock
) -> None:
    fetch.side_effect = ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await async_client.get("/")


async def test_a_page_that_is_not_found_says_why(async_client: AsyncClient) -> None:
    response = await async_client.get("/chat/a room/")

    assert "There is no such room" in response.content.decode()
