"""Test liveness and readiness.

Use these for the two questions that a load balancer asks. The traps: a liveness probe that asks the
database turns one outage into a restart of every process, and a check without a time limit hangs
with what it checks.
"""

import asyncio
from unittest.mock import AsyncMock

import pytest
from django.db import OperationalError
from django.test import AsyncClient
from pytest_mock import MockerFixture
from redis.exceptions import ConnectionError as RedisConnectionError


async def test_a_process_that_answers_is_alive(async_client: AsyncClient) -> None:
    response = await async_client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
async def test_it_is_ready_when_database_and_channel_layer_answer(
    async_client: AsyncClient,
) -> None:
    response = await async_client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "channel layer": "ok"}


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("database", OperationalError("refused")),
        ("channel layer", RedisConnectionError("refused")),
        ("channel layer", ConnectionResetError("cut")),
    ],
    ids=["database refuses", "Redis refuses", "Redis is cut"],
)
@pytest.mark.django_db
async def test_it_is_not_ready_while_one_of_them_is_away(
    async_client: AsyncClient, mocker: MockerFixture, name: str, error: Exception
) -> None:
    mocker.patch.dict("myproject.health.CHECKS", {name: AsyncMock(side_effect=error)})

    response = await async_client.get("/readyz")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert response.json() == {"database": "ok", "channel layer": "ok"} | {name: "unreachable"}


async def test_a_check_that_hangs_is_given_up(
    async_client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch("myproject.health.SECONDS", 0.01)
    mocker.patch.dict("myproject.health.CHECKS", {"database": asyncio.Event().wait})

    response = await async_client.get("/readyz")

    assert response.json() == {"database": "unreachable", "channel layer": "ok"}


async def test_the_log_names_the_cause_in_one_line(
    async_client: AsyncClient, mocker: MockerFixture, caplog: pytest.LogCaptureFixture
) -> None:
    advice = OperationalError("refused\nIs the server running on that host?")
    mocker.patch.dict("myproject.health.CHECKS", {"database": AsyncMock(side_effect=advice)})

    await async_client.get("/readyz")

    assert "Not ready, for the database: OperationalError: refused" in caplog.messages
