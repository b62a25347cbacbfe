"""Test a view that awaits an outside API.

Use ``AsyncMock`` with a spec in place of the call, patched where the view looks it up:
``external.views.external_api.fetch``. The trap is a plain ``Mock``: awaiting what it returns raises
``TypeError``, or, where nobody awaits, nothing is tested at all; ``assert_awaited_once`` tells.
"""

from unittest.mock import AsyncMock

import pytest
from django.test import AsyncClient
from pytest_django import Settings
from pytest_mock import MockerFixture

from external.api import ExternalApiError, ExternalApiTimeoutError, external_api
from tests.plugins.outside_api import OutsideApi


@pytest.fixture
def fetch(mocker: MockerFixture) -> AsyncMock:
    """The call to the outside API, replaced."""
    fetch = AsyncMock(spec=external_api.fetch, return_value={"key": "mocked"})
    return mocker.patch("external.views.external_api.fetch", fetch)


async def test_the_view_passes_on_what_the_api_says(
    async_client: AsyncClient, fetch: AsyncMock
) -> None:
    response = await async_client.get("/api/external/")

    assert response.status_code == 200
    assert response.json() == {"key": "mocked"}
    fetch.assert_awaited_once_with()


@pytest.mark.parametrize(
    ("error", "status"),
    [(ExternalApiTimeoutError("too late"), 504), (ExternalApiError("not usable"), 502)],
    ids=["timeout", "error"],
)
async def test_the_view_says_what_went_wrong(
    async_client: AsyncClient, fetch: AsyncMock, error: ExternalApiError, status: int
) -> None:
    fetch.side_effect = error

    response = await async_client.get("/api/external/")

    assert response.status_code == status
    assert response.json() == {"detail": str(error)}


@pytest.mark.parametrize("path", ["", "all/", "cached/", "stream/"])
async def test_a_defect_of_ours_is_no_bad_gateway(
    async_client: AsyncClient, fetch: AsyncMock, mocker: MockerFixture, path: str
) -> None:
    fetch.side_effect = ZeroDivisionError
    mocker.patch("external.views.external_stream.open", side_effect=ZeroDivisionError)
    mocker.patch("external.views.shared_answers.answers", {})

    with pytest.raises((ZeroDivisionError, ExceptionGroup)):
        await async_client.get(f"/api/external/{path}")


@pytest.mark.parametrize("path", ["", "all/", "cached/", "stream/"])
async def test_there_is_nothing_to_post(async_client: AsyncClient, path: str) -> None:
    response = await async_client.post(f"/api/external/{path}")

    assert response.status_code == 405


async def test_without_a_mock_the_view_really_calls_the_api(
    async_client: AsyncClient, outside_api: OutsideApi
) -> None:
    response = await async_client.get("/api/external/")

    assert response.json() == {"key": "value"}
    assert outside_api.requests == 1


async def test_a_slow_api_is_a_gateway_timeout_within_the_time_limit(
    async_client: AsyncClient, outside_api: OutsideApi, settings: Settings
) -> None:
    settings.EXTERNAL_API_TIMEOUT = 0.05
    outside_api.silent = True

    response = await async_client.get("/api/external/")

    assert response.status_code == 504
    assert response.json() == {"detail": "The outside API did not answer in time."}
