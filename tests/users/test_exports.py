"""Test a request that enqueues a task, without running the task.

Note what was enqueued, instead of mocking ``aenqueue``: a mock takes any arguments, while a backend
refuses those that are not JSON. What the task does is tested where it is written.
"""

from typing import Any

import pytest
from django.test import AsyncClient

from users.tasks import send_export

pytestmark = pytest.mark.django_db


async def test_people_have_their_data_sent(
    authenticated_async_client: AsyncClient, user: Any, enqueued_tasks: list[Any]
) -> None:
    response = await authenticated_async_client.post("/account/export/")

    [enqueued] = enqueued_tasks
    assert response.status_code == 202
    assert response.json() == {"detail": "You will get an e-mail."}
    assert (enqueued.task, enqueued.args) == (send_export, [user.pk])


async def test_a_visitor_sets_nothing_off(
    async_client: AsyncClient, enqueued_tasks: list[Any]
) -> None:
    response = await async_client.post("/account/export/")

    assert response["Location"] == "/login/?next=/account/export/"
    assert enqueued_tasks == []


async def test_a_link_sets_nothing_off(
    authenticated_async_client: AsyncClient, enqueued_tasks: list[Any]
) -> None:
    response = await authenticated_async_client.get("/account/export/")

    assert (response.status_code, enqueued_tasks) == (405, [])
