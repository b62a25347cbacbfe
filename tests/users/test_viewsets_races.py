"""Test a race between two requests, with two requests.

Give each request a thread of its own, as a server does (``ThreadSensitiveContext``), and let both
meet at a barrier where the race is lost: after the check, before the write. No mock decides who
wins, and requests served one after another never pass. The trap is ``gather`` alone: the requests
of ``AsyncClient`` share one thread, and two that meet there wait for each other for ever.
Code: users/viewsets.py, users/services.py
"""

import asyncio
import threading
from typing import Any

import pytest
from asgiref.sync import ThreadSensitiveContext
from django.test import AsyncClient
from pytest_mock import MockerFixture

from users.models import User
from users.viewsets import NewUserSerializer

pytestmark = pytest.mark.django_db


async def create(client: AsyncClient, name: str) -> Any:
    """Register somebody under one and the same address, in a thread of this request's own."""
    body = {"name": name, "email": "grace@example.com"}
    async with ThreadSensitiveContext():
        return await client.post("/api/drf/users/", body, content_type="application/json")


@pytest.fixture
def _both_have_checked(mocker: MockerFixture) -> None:
    """Let no request go on from its check, for the address is free, before the other is there."""
    is_valid = NewUserSerializer.is_valid
    barrier = threading.Barrier(2, timeout=5)

    def check_and_meet(serializer: NewUserSerializer, **options: Any) -> bool:
        valid = is_valid(serializer, **options)
        barrier.wait()
        return valid

    mocker.patch("users.viewsets.NewUserSerializer.is_valid", check_and_meet)


@pytest.mark.usefixtures("_both_have_checked")
async def test_of_two_who_register_one_address_one_wins_and_the_other_is_told(
    authenticated_async_client: AsyncClient,
) -> None:
    responses = await asyncio.gather(
        create(authenticated_async_client, "Grace"), create(authenticated_async_client, "Gracie")
    )

    created, refused = sorted(responses, key=lambda response: response.status_code)
    assert (created.status_code, refused.status_code) == (201, 400)
    assert refused.json() == {"email": ["user with this email already exists."]}
    assert await User.objects.filter(email="grace@example.com").acount() == 1
