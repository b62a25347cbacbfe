"""A WebSocket against ``live_server``.

pytest-django's ``live_server`` and Django's ``LiveServerTestCase`` run WSGI, which has no
WebSockets: the handshake is an ordinary request for an unknown URL. Channels' own test case runs
an ASGI server in another process, which cannot see an in-memory database.

Message: ChannelLiveServerTestCase can not be used with in memory databases
Message: websockets.exceptions.InvalidStatus: server rejected WebSocket connection: HTTP 404
Cure: a communicator; for a real socket start the ASGI server, with a database in a file
Seen on: pytest-django 4.14.0, channels 4.3.2
Upstream: https://github.com/django/channels/issues/961
"""

import httpx2
import pytest
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import ChannelsLiveServerTestCase, WebsocketCommunicator
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from pytest_django.live_server_helper import LiveServer
from pytest_mock import MockerFixture

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


def test_live_server_does_not_know_the_websocket(live_server: LiveServer) -> None:
    response = httpx2.get(f"{live_server.url}/ws/chat/lobby/", headers=HANDSHAKE)

    assert response.status_code == 404


def test_channels_test_case_refuses_a_database_in_memory(mocker: MockerFixture) -> None:
    mocker.patch.object(connections["default"], "vendor", "sqlite")
    mocker.patch.object(connections["default"], "is_in_memory_db", return_value=True, create=True)

    with pytest.raises(
        ImproperlyConfigured,
        match="ChannelLiveServerTestCase can not be used with in memory databases",
    ):
        ChannelsLiveServerTestCase.setUpClass()


async def test_a_communicator_needs_no_server() -> None:
    communicator = WebsocketCommunicator(AsyncWebsocketConsumer.as_asgi(), "/")

    connected, _ = await communicator.connect()

    assert connected
    await communicator.disconnect()
