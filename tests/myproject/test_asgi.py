"""Test the ASGI application as the server calls it.

Use Channels' ``HttpCommunicator`` and ``WebsocketCommunicator`` for what lies in front of the
views: the split by protocol, the check of the page's origin. The trap is a test of the consumer
alone, which is green while the application would refuse every browser.
"""

import json
import runpy

import pytest
from channels.testing import HttpCommunicator
from django.core.signals import request_started
from django.db import close_old_connections
from pytest_django import Settings

from myproject import asgi
from myproject.asgi import application
from tests.plugins.sockets import socket_to


@pytest.mark.django_db
async def test_http_goes_to_django() -> None:
    client = HttpCommunicator(application, "GET", "/api/users/", headers=[(b"host", b"testserver")])

    response = await client.get_response()
    await client.wait()  # the last byte is out, but Django has yet to close the request

    assert response["status"] == 200
    assert json.loads(response["body"]) == {"users": []}


async def test_a_page_of_this_site_may_open_a_socket() -> None:
    client = socket_to("/ws/chat/lobby/", headers=[(b"origin", b"http://localhost")])

    connected, _ = await client.connect()

    assert connected
    await client.disconnect()


@pytest.mark.parametrize(
    "headers",
    [[(b"origin", b"https://evil.example")], [(b"origin", b"null")], []],
    ids=["another site", "sandboxed", "none given"],
)
async def test_a_page_of_a_foreign_origin_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    client = socket_to("/ws/chat/lobby/", headers=headers)

    connected, _ = await client.connect()

    assert not connected


@pytest.mark.usefixtures("house_of_djangos")
@pytest.mark.parametrize("debug", [True, False])
def test_in_production_it_looks_after_connections_once_a_request(
    settings: Settings, debug: bool
) -> None:
    settings.DEBUG = debug

    runpy.run_path(asgi.__file__)

    assert request_started.disconnect(close_old_connections) is debug
