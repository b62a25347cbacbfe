"""Test a page that knows who is logged in.

Use ``authenticated_async_client``: the session and the user come as in production. The trap is
``request.user`` in a coroutine, which is lazy and queries when it is looked at; ``request.auser()``
is awaited.
"""

import pytest
from django.http import Http404
from django.test import AsyncClient, AsyncRequestFactory

from chat.views import chat_room
from users.models import User


async def test_a_room_has_a_page(async_client: AsyncClient) -> None:
    response = await async_client.get("/chat/lobby/")

    assert response.status_code == 200
    assert 'data-socket="/ws/rooms/lobby/"' in response.content.decode()


@pytest.mark.django_db
async def test_whoever_is_logged_in_has_a_name_already(
    authenticated_async_client: AsyncClient, user: User
) -> None:
    response = await authenticated_async_client.get("/chat/lobby/")

    assert f'value="{user}"' in response.content.decode()


async def test_anybody_else_chooses_one(async_client: AsyncClient) -> None:
    response = await async_client.get("/chat/lobby/")

    assert 'name="name" value=""' in response.content.decode()


async def test_a_page_is_not_written_to(async_client: AsyncClient) -> None:
    response = await async_client.post("/chat/lobby/")

    assert response.status_code == 405


@pytest.mark.parametrize("room", ["a room", "café", "x" * 81])
async def test_a_room_whose_name_cannot_be_a_group_is_not_found(
    async_client: AsyncClient, room: str
) -> None:
    response = await async_client.get(f"/chat/{room}/")

    assert response.status_code == 404


async def test_why_there_is_no_such_room_is_said(async_rf: AsyncRequestFactory) -> None:
    with pytest.raises(Http404) as raised:
        await chat_room(async_rf.get("/"), room="a room")

    assert str(raised.value) == (
        "There is no such room: a name is up to 80 letters (a to z), digits, hyphens, full stops "
        "and underscores."
    )
