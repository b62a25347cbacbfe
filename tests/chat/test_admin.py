"""Test an inline in the admin: a row and its children, posted in one form.

Fetch nothing first; the formset's management fields are enough. The trap is a form that comes back
with its errors and status 200: assert on the redirect, and on the rows.
"""

import pytest
from django.test import AsyncClient

from chat.models import Membership, Room
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


@pytest.fixture
async def admin_client(async_client: AsyncClient) -> AsyncClient:
    """A superuser's."""
    await async_client.aforce_login(await acreate_user(is_staff=True, is_superuser=True))
    return async_client


async def test_a_private_room_is_made_with_its_members(admin_client: AsyncClient) -> None:
    ada = await acreate_user()

    response = await admin_client.post(
        "/admin/chat/room/add/",
        {
            "name": "board",
            "is_private": "on",
            "membership_set-TOTAL_FORMS": "1",
            "membership_set-INITIAL_FORMS": "0",
            "membership_set-0-user": ada.pk,
        },
    )

    assert response.status_code == 302
    assert await Membership.objects.filter(room__name="board", user=ada).aexists()


async def test_rooms_are_listed_and_found(admin_client: AsyncClient) -> None:
    await Room.objects.acreate(name="board", is_private=True)
    await Room.objects.acreate(name="lobby")

    response = await admin_client.get("/admin/chat/room/?q=boa")

    page = response.content.decode()
    assert ">board</a></th>" in page
    assert 'alt="True"' in page  # it is private
    assert "lobby" not in page
