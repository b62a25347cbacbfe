"""Test the ASGI application as the server calls it.

Use Channels' ``HttpCommunicator`` and ``WebsocketCommunicator`` for what lies in front of the
views: the split by protocol, the check of the page's origin. The trap is a test of the consumer
alone, which is green while the application would refuse every browser.
"""

import asyncio
import gc
import json
import os
import runpy
import threading
from typing import Any

import pytest
from channels.layers import get_channel_layer
from channels.testing import ApplicationCommunicator, HttpCommunicator
from django.core.signals import request_started
from django.db import OperationalError, close_old_connections
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from pytest_django import Settings
from pytest_mock import MockerFixture
from twisted.internet import reactor

from chat.models import Membership, Room
from chat.tickets import ticket_for
from external.api import external_api
from external.streaming import external_stream
from myproject import asgi
from myproject.asgi import application
from tests.factories import acreate_user
from tests.plugins.sockets import ORIGIN, socket_to

# To run the module once more, as some of these do, changes what Django does around each request.
pytestmark = pytest.mark.usefixtures("house_of_djangos")


@pytest.mark.django_db
async def test_http_goes_to_django() -> None:
    client = HttpCommunicator(application, "GET", "/api/users/", headers=[(b"host", b"testserver")])

    response = await client.get_response()
    await client.wait()  # the last byte is out, but Django has yet to end the request

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


@pytest.mark.django_db
async def test_who_has_a_ticket_needs_no_origin() -> None:
    ada = await acreate_user()
    room = await Room.objects.acreate(name="board", is_private=True)
    await Membership.objects.acreate(room=room, user=ada)
    client = socket_to(f"/ws/rooms/board/?ticket={ticket_for(ada)}", headers=[])

    await client.connect(timeout=5)

    assert "history" in await client.receive_json_from(timeout=5)
    await client.disconnect()


@pytest.mark.django_db
async def test_a_message_that_cannot_be_stored_is_no_bad_frame(mocker: MockerFixture) -> None:
    mocker.patch("chat.room_consumer.store", side_effect=OperationalError)
    client = socket_to("/ws/rooms/lobby/")
    await client.connect(timeout=5)
    await client.receive_json_from(timeout=5)

    await client.send_json_to({"message": "Hello!", "key": "k"})

    assert await client.receive_output() == {"type": "websocket.close", "code": 1013}


@pytest.mark.django_db
async def test_a_client_that_has_left_is_no_error() -> None:
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    incoming.put_nowait({"type": "http.request"})
    scope = HttpCommunicator(application, "GET", "/healthz", headers=[(b"host", b"testserver")])

    async def send(message: dict[str, Any]) -> None:
        raise ConnectionResetError

    await application(scope.scope, incoming.get, send)


async def test_a_session_key_with_a_nul_is_refused_before_the_database_does() -> None:
    headers = [(b"host", b"testserver"), (b"cookie", rb'sessionid="abcdefgh\000"')]
    client = HttpCommunicator(application, "GET", "/admin/", headers=headers)

    response = await client.get_response()

    assert response["status"] == 400


async def test_a_socket_is_told_to_try_again_while_the_channel_layer_is_away(
    mocker: MockerFixture,
) -> None:
    mocker.patch.object(get_channel_layer(), "group_add", side_effect=ConnectionResetError)
    client = socket_to("/ws/chat/lobby/", headers=[(b"origin", b"http://localhost")])

    await client.connect()

    assert await client.receive_output() == {"type": "websocket.close", "code": 1013}


@pytest.mark.parametrize("debug", [True, False])
def test_in_production_it_looks_after_connections_once_a_request(
    settings: Settings, debug: bool
) -> None:
    settings.DEBUG = debug

    runpy.run_path(asgi.__file__)

    assert request_started.disconnect(close_old_connections) is debug


def test_postgresql_may_be_silent_for_as_long_as_the_settings_say(
    settings: Settings, mocker: MockerFixture
) -> None:
    bound_silence = mocker.patch("myproject.silence.bound_silence")
    settings.DATABASE_SILENCE = 1.5

    runpy.run_path(asgi.__file__)

    bound_silence.assert_called_once_with(1.5)


async def test_the_pools_are_closed_when_the_server_stops() -> None:
    client, stream_client = external_api.clients.get(), external_stream.clients.get()
    server: Any = ApplicationCommunicator(application, {"type": "lifespan"})
    await server.send_input({"type": "lifespan.startup"})
    await server.receive_output()
    asgi.http.threads.add()
    assert (client.is_closed, stream_client.is_closed) == (False, False)

    await server.send_input({"type": "lifespan.shutdown"})
    await server.wait()

    assert (client.is_closed, stream_client.is_closed) == (True, True)
    assert asgi.http.threads.alive == set()


async def test_garbage_is_looked_for_less_often_while_the_server_runs() -> None:
    before = gc.get_threshold()
    server: Any = ApplicationCommunicator(application, {"type": "lifespan"})
    await server.send_input({"type": "lifespan.startup"})
    await server.receive_output()
    meanwhile = gc.get_threshold()

    await server.send_input({"type": "lifespan.shutdown"})
    await server.wait()

    assert meanwhile > before == gc.get_threshold()


def name_of_the_thread(request: HttpRequest) -> HttpResponse:
    return HttpResponse(threading.current_thread().name)


urlpatterns = [path(name, name_of_the_thread) for name in ("page/", "healthz", "readyz")]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "name"),
    [("/page/", "http-"), ("/healthz", "http/healthz-"), ("/readyz", "http/readyz-")],
)
async def test_a_request_has_a_thread_that_stays_and_a_probe_one_of_its_own(
    address: str, name: str
) -> None:
    client = HttpCommunicator(application, "GET", address, headers=[(b"host", b"testserver")])

    response = await client.get_response()
    await client.wait()

    assert response["body"].decode().startswith(name)


async def test_a_socket_knows_who_is_logged_in(
    authenticated_async_client: AsyncClient, user: Any
) -> None:
    room = await Room.objects.acreate(name="board", is_private=True)
    await Membership.objects.acreate(room=room, user=user)
    session = authenticated_async_client.cookies["sessionid"].value
    cookie = (b"cookie", f"sessionid={session}".encode())
    client = socket_to("/ws/rooms/board/", headers=[*ORIGIN, cookie])

    await client.connect()

    assert "history" in await client.receive_json_from()
    await client.disconnect()


def test_on_daphne_too_it_is_told_of_the_servers_start_and_stop(mocker: MockerFixture) -> None:
    speak_for_daphne = mocker.patch("myproject.lifespan.speak_for_daphne")

    names = runpy.run_path(asgi.__file__)

    speak_for_daphne.assert_called_once_with(names["application"], reactor)


def test_a_server_need_not_be_told_where_the_settings_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "set, so that it is put back")
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE")

    runpy.run_path(asgi.__file__)

    assert os.environ["DJANGO_SETTINGS_MODULE"] == "myproject.settings"
