"""Test WebSockets through a real server.

Use the `websockets` library against a server in its own process for what a communicator skips: the
handshake's headers, frames on the wire, and a client that is simply gone. Each test runs on every
server, because the frames are theirs.
"""

import asyncio
import json

import httpx2
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from tests.live.conftest import join, log_in, said
from tests.plugins.live_asgi_server import LiveServer

pytestmark = pytest.mark.live


async def test_a_message_reaches_everybody_in_the_room(
    live_asgi_server: LiveServer, room: str
) -> None:
    async with join(live_asgi_server, room) as alice, join(live_asgi_server, room) as bob:
        await alice.send('{"message": "Hello"}')

        assert [await said(alice), await said(bob)] == [{"message": "Hello"}] * 2


async def test_a_hundred_people_hear_one(live_asgi_server: LiveServer, room: str) -> None:
    people = await asyncio.gather(*(join(live_asgi_server, room) for _ in range(100)))

    await people[0].send('{"message": "Hello"}')

    heard = await asyncio.gather(*(said(person) for person in people))
    assert heard == [{"message": "Hello"}] * 100
    await asyncio.gather(*(person.close() for person in people))


async def test_the_session_cookie_of_a_login_is_accepted(
    live_asgi_server: LiveServer, client: httpx2.AsyncClient, room: str
) -> None:
    await log_in(client)
    cookie = f"sessionid={client.cookies['sessionid']}"

    async with join(live_asgi_server, room, Cookie=cookie) as socket:
        await socket.send('{"message": "Hello"}')

        assert await said(socket) == {"message": "Hello"}


@pytest.mark.parametrize("origin", ["http://evil.example", None], ids=["foreign", "none"])
async def test_a_page_of_another_site_is_refused(
    live_asgi_server: LiveServer, room: str, origin: Origin | None
) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        await connect(live_asgi_server.ws_url + room, origin=origin, proxy=None)


@pytest.mark.parametrize("path", ["/ws/nowhere/", "/ws/chat/not%20a%20name/"])
async def test_a_path_that_leads_to_no_room_is_refused(
    live_asgi_server: LiveServer, path: str
) -> None:
    with pytest.raises(InvalidStatus, match="403"):
        await join(live_asgi_server, path)


async def test_a_subprotocol_that_the_chat_does_not_speak_is_not_chosen(
    live_asgi_server: LiveServer, room: str
) -> None:
    async with connect(
        live_asgi_server.ws_url + room,
        origin=Origin(live_asgi_server.url),
        subprotocols=[Subprotocol("mqtt")],
        proxy=None,
    ) as socket:
        assert socket.subprotocol is None


async def test_a_message_in_many_fragments_arrives_whole(
    live_asgi_server: LiveServer, room: str
) -> None:
    async with join(live_asgi_server, room) as socket:
        await socket.send(['{"mess', 'age": "Hel', 'lo"}'])

        assert await said(socket) == {"message": "Hello"}


async def test_half_a_megabyte_is_answered_with_an_error(
    live_asgi_server: LiveServer, room: str
) -> None:
    async with join(live_asgi_server, room) as socket:
        await socket.send(json.dumps({"message": "x" * 2**19}))

        assert await said(socket) == {"error": '"message" is longer than 2000 characters.'}


async def test_somebody_who_vanishes_disturbs_nobody(
    live_asgi_server: LiveServer, room: str
) -> None:
    async with join(live_asgi_server, room) as stays:
        vanishes = await join(live_asgi_server, room)
        vanishes.transport.abort()
        await vanishes.wait_closed()

        await stays.send('{"message": "Still here"}')

        assert await said(stays) == {"message": "Still here"}
    assert "Traceback" not in await live_asgi_server.log()
