"""Test the admin site from a coroutine.

Use ``AsyncClient`` for sync views too: Django runs them in the ORM's thread. Log in by posting the
form only where the form is the subject; everywhere else ``aforce_login`` is enough.
"""

import re

import pytest
from django.test import AsyncClient
from django.urls import reverse
from django.utils.html import strip_tags

from tests.factories import PASSWORD, acreate_user

pytestmark = pytest.mark.django_db


async def test_staff_log_in_with_their_address(async_client: AsyncClient) -> None:
    ada = await acreate_user(staff=True, with_password=True)

    response = await async_client.post(
        reverse("admin:login"), {"username": ada.email, "password": PASSWORD}
    )

    assert response.status_code == 302
    assert "sessionid" in response.cookies


@pytest.fixture
async def admin_client(async_client: AsyncClient) -> AsyncClient:
    """A superuser's, in English."""
    admin = await acreate_user(staff=True, is_superuser=True, name="Ada", email="ada@example.com")
    await async_client.aforce_login(admin)
    return async_client


def rows_of(page: bytes) -> list[str]:
    """Return the lines of the list, each icon as its meaning."""
    _, _, table = page.decode().partition('id="result_list"')
    rows = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    readable = (re.sub(r'<img [^>]*alt="(\w+)">', r"\1", row).replace("><", "> <") for row in rows)
    return [" ".join(strip_tags(row).split()) for row in readable]


async def test_the_list_shows_address_name_and_what_somebody_may(
    admin_client: AsyncClient,
) -> None:
    await acreate_user(inactive=True, name="Grace", email="grace@example.com")

    response = await admin_client.get(reverse("admin:users_user_changelist"))

    assert rows_of(response.content) == [
        "ada@example.com Ada True True",
        "grace@example.com Grace False False",
    ]


@pytest.mark.parametrize("words", ["grace@example", "Hopper"], ids=["address", "name"])
async def test_somebody_is_found_by(admin_client: AsyncClient, words: str) -> None:
    await acreate_user(name="Grace Hopper", email="grace@example.com")

    response = await admin_client.get(reverse("admin:users_user_changelist"), {"q": words})

    assert rows_of(response.content) == ["grace@example.com Grace Hopper True False"]


async def test_a_password_is_neither_shown_nor_changed_by_hand(admin_client: AsyncClient) -> None:
    grace = await acreate_user(with_password=True)

    response = await admin_client.get(reverse("admin:users_user_change", args=[grace.pk]))

    page = response.content.decode()
    assert grace.email in page
    assert grace.password not in page
    assert 'name="password"' not in page
