"""Test a view that asks several outside APIs, and one that remembers the answer.

Use the real server of the ``outside_api`` fixture with a barrier: it answers nobody before so many
have asked, so a view that asks one after another never gets an answer. The trap is a mock, which
answers at once: then serial and concurrent calls look the same.
"""

import asyncio

import pytest
from django.test import AsyncClient
from pytest_django import Settings
from pytest_mock import MockerFixture

from tests.plugins.outside_api import OutsideApi


@pytest.fixture
def three_urls(settings: Settings, outside_api: OutsideApi) -> None:
    url = settings.EXTERNAL_API_URL
    settings.EXTERNAL_API_URLS = {"weather": url, "news": url, "traffic": url}


@pytest.mark.usefixtures("three_urls")
async def test_all_apis_are_asked_at_once(
    async_client: AsyncClient, outside_api: OutsideApi
) -> None:
    outside_api.barrier = asyncio.Barrier(3)

    response = await async_client.get("/api/external/all/")

    assert response.status_code == 200
    answer = {"data": {"key": "value"}}
    assert response.json() == {"weather": answer, "news": answer, "traffic": answer}


async def test_an_api_that_fails_costs_its_own_part_of_the_answer(
    async_client: AsyncClient, outside_api: OutsideApi, settings: Settings
) -> None:
    settings.EXTERNAL_API_URLS = {"weather": settings.EXTERNAL_API_URL, "news": "nowhere"}

    response = await async_client.get("/api/external/all/")

    assert response.status_code == 200
    assert response.json() == {
        "weather": {"data": {"key": "value"}},
        "news": {"error": "The outside API could not be reached."},
    }


@pytest.mark.usefixtures("three_urls")
async def test_when_all_fail_it_is_a_bad_gateway(
    async_client: AsyncClient, outside_api: OutsideApi
) -> None:
    outside_api.status = 500

    response = await async_client.get("/api/external/all/")

    assert response.status_code == 502
    assert response.json()["news"] == {"error": "The outside API answered 500."}


@pytest.mark.parametrize("name", ["all", "cached", "stream"])
async def test_other_methods_than_get_are_refused(async_client: AsyncClient, name: str) -> None:
    assert (await async_client.post(f"/api/external/{name}/")).status_code == 405


@pytest.fixture
def _nothing_remembered(mocker: MockerFixture) -> None:
    mocker.patch("external.views.shared_answers.answers", {})


@pytest.mark.usefixtures("_nothing_remembered")
async def test_however_many_ask_the_api_is_asked_once(
    async_client: AsyncClient, outside_api: OutsideApi
) -> None:
    requests = [async_client.get("/api/external/cached/") for _ in range(20)]

    responses = await asyncio.gather(*requests)

    assert [response.json() for response in responses] == [{"key": "value"}] * 20
    assert outside_api.requests == 1


@pytest.mark.usefixtures("_nothing_remembered")
async def test_an_error_is_a_bad_gateway_and_is_not_remembered(
    async_client: AsyncClient, outside_api: OutsideApi
) -> None:
    outside_api.status = 500
    failed = await async_client.get("/api/external/cached/")
    assert (failed.status_code, failed.json()) == (502, {"detail": "The outside API answered 500."})

    outside_api.status = 200

    assert (await async_client.get("/api/external/cached/")).status_code == 200
