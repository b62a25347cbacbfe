"""Test a WebSocket with a logged-in user.

Use the session cookie of an ``AsyncClient`` that has logged in: the socket then goes through the
same session and authentication as a browser's. The trap is putting a user into ``scope`` by hand,
which passes also when nothing in the application would have put it there.
Code: myproject/asgi.py
"""

import pytest
from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.test import AsyncClient

from users.models import User

pytestmark = pytest.mark.django_db


class WhoAmI(AsyncJsonWebsocketConsumer):
    """Say to the client who it is."""

    async def connect(self) -> None:
        await self.accept()
        await self.send_json({"id": self.scope["user"].pk})


def socket_with_cookies_of(client: AsyncClient) -> WebsocketCommunicator:
    cookies = client.cookies.output(header="", attrs=[], sep=";").strip()
    return WebsocketCommunicator(
        AuthMiddlewareStack(WhoAmI.as_asgi()), "/", headers=[(b"cookie", cookies.encode())]
    )


async def test_a_consumer_knows_who_is_logged_in(
    authenticated_async_client: AsyncClient, user: User
) -> None:
    socket = socket_with_cookies_of(authenticated_async_client)
    await socket.connect()

    assert await socket.receive_json_from() == {"id": user.pk}

    await socket.disconnect()


async def test_without_a_login_the_user_is_anonymous(async_client: AsyncClient) -> None:
    socket = socket_with_cookies_of(async_client)
    await socket.connect()

    assert await socket.receive_json_from() == {"id": None}

    await socket.disconnect()
