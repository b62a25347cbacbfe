"""Test liveness and readiness.

Use these for the two questions that a load balancer asks. The traps: a liveness probe that asks the
database turns one outage into a restart of every process, and a check without a time limit hangs
with what it checks.
"""

import asyncio
from typing import Any
from unittest.mock import AsyncMock

import pytest
from channels.layers import get_channel_layer
from django.db import OperationalError
from django.test import AsyncClient
from pytest_mock import MockerFixture

from myproject.health import state_of


async def test_a_process_that_answers_is_alive(async_client: AsyncClient) -> None:
    response = await async_client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
async def test_it_is_ready_when_database_and_channel_layer_answer(
    async_client: AsyncClient, aassert_num_queries: Any, mocker: MockerFixture
) -> None:
    group_send = mocker.spy(get_channel_layer(), "group_send")

    async with aassert_num_queries(1):
        response = await async_client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "channel layer": "ok"}
    group_send.assert_awaited_once_with("readyz", {"type": "readyz"})


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("database", OperationalError("refused")),
        ("channel layer", ConnectionResetError("cut")),
        ("channel layer", ZeroDivisionError("a defect")),
    ],
    ids=["the database refuses", "the layer is cut", "whatever it is"],
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


async def test_a_check_that_is_cancelled_is_no_outage() -> None:
    with pytest.raises(asyncio.CancelledError):
        await state_of("database", AsyncMock(side_effect=asyncio.CancelledError))


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_no_answer_is_kept_for_the_next_question(
    async_client: AsyncClient, mocker: MockerFixture, path: str
) -> None:
    mocker.patch("myproject.health.CHECKS", {})

    response = await async_client.get(path)

    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_there_is_nothing_to_post(async_client: AsyncClient, path: str) -> None:
    response = await async_client.post(path)

    assert response.status_code == 405
