"""A mock that cannot be awaited.

``Mock`` and ``MagicMock`` return a value, and only a coroutine can be awaited. ``patch`` picks
``AsyncMock`` by itself when it replaces an ``async def``; a mock made by hand, or an attribute of
one, stays sync.

Message: TypeError: object MagicMock can't be used in 'await' expression
Message: TypeError: object Mock can't be used in 'await' expression
Message: TypeError: object dict can't be used in 'await' expression
Message: TypeError: 'MagicMock' object can't be awaited
Cure: `AsyncMock(return_value=…)`, or `mocker.patch("external.views.external_api.fetch")`
Seen on: Python 3.11 and 3.13, pytest-mock 3.17.0
Upstream: https://docs.python.org/3/library/unittest.mock.html#unittest.mock.AsyncMock
"""

from unittest.mock import MagicMock

import pytest
from django.test import AsyncClient
from pytest_mock import MockerFixture

FETCH = "external.views.external_api.fetch"


async def test_a_magic_mock_cannot_be_awaited(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch("external.views.external_api", MagicMock())

    with pytest.raises(TypeError, match="object MagicMock can't be used in 'await' expression"):
        await async_client.get("/api/external/")


async def test_its_return_value_cannot_either(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch(FETCH, MagicMock(return_value={"key": "mocked"}))

    with pytest.raises(TypeError, match="object dict can't be used in 'await' expression"):
        await async_client.get("/api/external/")


async def test_patch_makes_an_async_mock_of_an_async_function(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch(FETCH, return_value={"key": "mocked"})

    assert (await async_client.get("/api/external/")).json() == {"key": "mocked"}
