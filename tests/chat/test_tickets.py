"""Test a login for WebSockets without a cookie: a ticket, once, and not for long.

Fetch the ticket as a client does, with its token, and use it up at a socket. Expiry needs no
waiting: the signature's clock is moved. The traps are testing only that a good ticket is let in,
and looking up and deleting in two steps, between which a second client fits.
"""

import asyncio
import time
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import ThreadSensitiveContext
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser
from django.core import signing
from django.test import AsyncClient
from django.urls import path
from pytest_mock import MockerFixture
from rest_framework.authtoken.models import Token
from rest_framework.schemas.generators import EndpointEnumerator

from chat.tickets import BAD_TICKET, SECONDS, TicketAuth, TicketView, owner_of, ticket_for
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db

URL = "/api/chat/ticket/"


async def test_who_has_a_token_gets_a_ticket(async_client: AsyncClient) -> None:
    ada = await acreate_user()
    token = await Token.objects.acreate(user=ada)

    response = await async_client.post(URL, headers={"Authorization": f"Token {token.key}"})

    assert response.status_code == 200
    assert response.json() == {"ticket": response.json()["ticket"], "expires_in": 30}
    assert response["Cache-Control"] == "no-store"
    assert await owner_of(response.json()["ticket"]) == ada


async def test_who_has_a_session_gets_one(async_client: AsyncClient) -> None:
    _somebody_else, ada = await acreate_user(), await acreate_user()
    await async_client.aforce_login(ada)

    response = await async_client.post(URL)

    assert await owner_of(response.json()["ticket"]) == ada


@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
async def test_who_is_not_logged_in_gets_none(async_client: AsyncClient, method: str) -> None:
    response = await async_client.generic(method, URL)

    assert response.status_code == 401


def test_there_is_nothing_to_describe_about_it() -> None:
    described = EndpointEnumerator(patterns=[path("ticket/", TicketView.as_view())])

    assert described.get_api_endpoints() == []


def test_the_key_of_a_user_may_be_a_uuid(mocker: MockerFixture) -> None:
    assert ticket_for(mocker.Mock(pk=uuid4()))


async def test_a_ticket_is_good_once() -> None:
    ticket = ticket_for(await acreate_user())
    await owner_of(ticket)

    assert await owner_of(ticket) is None


async def test_of_two_who_come_with_one_ticket_at_once_one_is_let_in() -> None:
    ticket = ticket_for(await acreate_user())

    async def use() -> Any:
        async with ThreadSensitiveContext():
            return await owner_of(ticket)

    owners = await asyncio.gather(*(use() for _ in range(8)))

    assert len([owner for owner in owners if owner]) == 1


async def test_somebody_may_have_two_tickets() -> None:
    ada = await acreate_user()
    one, other = ticket_for(ada), ticket_for(ada)
    await owner_of(one)

    assert await owner_of(other) == ada


@pytest.mark.parametrize(("age", "good"), [(SECONDS - 1, True), (SECONDS + 2, False)])
async def test_a_ticket_is_good_for_half_a_minute(
    mocker: MockerFixture, age: int, good: bool
) -> None:
    ticket = ticket_for(await acreate_user())
    mocker.patch("django.core.signing.time.time", return_value=time.time() + age)

    assert bool(await owner_of(ticket)) is good


async def test_it_is_known_as_used_for_longer_than_it_is_good(mocker: MockerFixture) -> None:
    cache = mocker.patch("chat.tickets.cache")

    await owner_of(ticket_for(await acreate_user()))

    assert cache.add.call_args.kwargs["timeout"] > SECONDS


async def test_a_ticket_of_somebody_who_may_not_log_in_any_more_is_not_good() -> None:
    assert await owner_of(ticket_for(await acreate_user(is_active=False))) is None


async def test_something_else_that_this_project_signed_is_no_ticket() -> None:
    ada = await acreate_user()

    assert await owner_of(signing.dumps([str(ada.pk), "x"])) is None


class WhoIsThere(AsyncJsonWebsocketConsumer):
    """Tell whoever connects who they are."""

    async def connect(self) -> None:
        await self.accept()
        await self.send_json({"name": self.scope["user"].get_username()})


def socket_with(ticket: str) -> WebsocketCommunicator:
    application = TicketAuth(WhoIsThere.as_asgi(), otherwise=URLRouter([]))  # which has no route
    return WebsocketCommunicator(application, f"/ws/?ticket={ticket}")


async def test_with_a_ticket_a_socket_needs_neither_cookie_nor_origin() -> None:
    ada = await acreate_user()
    socket = socket_with(ticket_for(ada))

    await socket.connect(timeout=5)

    assert await socket.receive_json_from(timeout=5) == {"name": ada.get_username()}
    await socket.disconnect()


@pytest.mark.parametrize("ticket", ["", "x", "%FF"])
async def test_a_bad_ticket_is_refused_with_a_code_that_the_client_reads(ticket: str) -> None:
    socket = socket_with(ticket)

    connected, _ = await socket.connect(timeout=5)

    assert connected
    assert (await socket.receive_output())["code"] == BAD_TICKET == 4401


async def test_bytes_that_are_no_text_are_a_bad_ticket(mocker: MockerFixture) -> None:
    send = mocker.AsyncMock()
    application = TicketAuth(WhoIsThere.as_asgi(), otherwise=URLRouter([]))

    await application({"type": "websocket", "query_string": b"ticket=\xff"}, None, send)

    assert [call.args[0] for call in send.await_args_list] == [
        {"type": "websocket.accept"},
        {"type": "websocket.close", "code": 4401},
    ]


async def test_without_one_everything_is_as_before() -> None:
    served = []

    async def otherwise(scope: Any, receive: Any, send: Any) -> None:
        served.append(scope)

    scope = {"type": "websocket", "query_string": b"after=3", "user": AnonymousUser()}

    await TicketAuth(otherwise, otherwise)(scope, None, None)

    assert served == [scope]


async def test_a_fault_of_the_servers_is_no_bad_ticket(mocker: MockerFixture) -> None:
    mocker.patch("chat.tickets.signing.loads", side_effect=MemoryError)

    with pytest.raises(MemoryError):
        await owner_of("x")
