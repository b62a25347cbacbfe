"""Test a page.

Use ``AsyncClient`` and look at what the visitor sees. The trap is rendering in the coroutine: a
template is a file, and one that reaches the ORM raises ``SynchronousOnlyOperation``; so the view
renders in a thread.
"""

import asyncio
import re
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from django.test import AsyncClient
from pytest_mock import MockerFixture

from external.api import ExternalApiError
from myproject.catalogue import Catalogue
from tests.factories import acreate_user
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


async def test_every_pattern_of_the_home_page_has_a_page(async_client: AsyncClient) -> None:
    addresses = set(re.findall(r'href="(/patterns/[^"]+)"', await page(async_client, "/")))

    statuses = {(await async_client.get(address)).status_code for address in addresses}

    assert statuses == {200}


@pytest.mark.parametrize("address", ["/", "/patterns/"], ids=["page", "list alone"])
async def test_a_search_shows_only_what_it_finds(async_client: AsyncClient, address: str) -> None:
    html = await page(async_client, f"{address}?q=async+view+unknown+id+is+not+found")

    shown = re.findall(r'<li><a href="/patterns/([^/]+)/', html)
    assert "users-views" in shown
    assert "chat-messages" not in shown


async def test_a_search_that_finds_nothing_says_so(async_client: AsyncClient) -> None:
    html = await page(async_client, "/?q=%3Czebra%3E")

    assert "No pattern has all of these words." in html
    assert 'value="&lt;zebra&gt;"' in html


async def test_the_home_page_shows_who_is_there(
    async_client: AsyncClient, sample_users: list[User]
) -> None:
    await acreate_user(name="<Ada>")

    html = await page(async_client, "/")

    assert "<strong>4</strong> people" in html
    assert "&lt;Ada&gt;" in html


async def test_the_home_page_shows_what_the_outside_api_says(async_client: AsyncClient) -> None:
    assert "<dt>weather</dt><dd>fine</dd>" in await page(async_client, "/")


async def test_the_home_page_survives_an_outside_api_that_fails(
    async_client: AsyncClient, fetch: AsyncMock
) -> None:
    fetch.side_effect = ExternalApiError("The outside API answered 500.")

    assert "The outside API answered 500." in await page(async_client, "/")


async def test_the_home_page_does_not_wait_long_for_the_outside_api(
    async_client: AsyncClient, fetch: AsyncMock, mocker: MockerFixture
) -> None:
    fetch.side_effect = asyncio.Event().wait  # for ever
    mocker.patch("myproject.views.PATIENCE", 0.01)

    assert "did not answer within 0.01 s" in await page(async_client, "/")


@pytest.fixture
def no_tests_folder(mocker: MockerFixture, tmp_path: Path) -> None:
    """Run without the tests, as after a deployment that leaves them out."""
    mocker.patch("myproject.views.get_catalogue", return_value=Catalogue(tmp_path))


@pytest.mark.usefixtures("no_tests_folder")
async def test_without_tests_the_home_page_says_what_is_missing(async_client: AsyncClient) -> None:
    html = await page(async_client, "/")

    assert "There is no <code>tests</code> folder beside this server" in html


async def test_a_pattern_s_page_shows_code_and_test(async_client: AsyncClient) -> None:
    html = await page(async_client, "/patterns/users-views/")

    assert '<pre id="users/views.py"' in html
    assert '<pre id="tests/users/test_views.py"' in html
    assert "uv run pytest tests/users/test_views.py" in html


async def test_an_unknown_pattern_is_not_found_and_the_nearest_suggested(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get("/patterns/users-veiws/")

    assert response.status_code == 404
    assert "Did you mean users-views" in response.content.decode()


async def test_an_unknown_address_is_not_found(async_client: AsyncClient) -> None:
    response = await async_client.get("/nothing/here/")

    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()
