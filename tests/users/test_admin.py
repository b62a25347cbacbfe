"""Test the admin site from a coroutine.

Use ``AsyncClient`` for sync views too: Django runs them in the ORM's thread. Log in by posting the
form only where the form is the subject; everywhere else ``aforce_login`` is enough.
"""

import pytest
from django.test import AsyncClient
from django.urls import reverse

from tests.factories import PASSWORD, acreate_user

pytestmark = pytest.mark.django_db


async def test_staff_log_in_with_their_address(async_client: AsyncClient) -> None:
    ada = await acreate_user(staff=True, with_password=True)

    response = await async_client.post(
        reverse("admin:login"), {"username": ada.email, "password": PASSWORD}
    )

    assert response.status_code == 302
    assert "sessionid" in response.cookies


async def test_superusers_see_everybody_listed(async_client: AsyncClient) -> None:
    admin = await acreate_user(staff=True, is_superuser=True)
    await async_client.aforce_login(admin)

    response = await async_client.get(reverse("admin:users_user_changelist"))

    assert response.status_code == 200
    assert admin.email in response.content.decode()
