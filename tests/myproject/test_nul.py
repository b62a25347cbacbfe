"""Refuse a NUL from outside.

Use this on PostgreSQL, whose text cannot hold one: wherever a request's text reaches a query that
no form has checked, the answer is a 500. The trap is a suite on SQLite, which takes it.
"""

from collections.abc import MutableMapping
from typing import Any

import pytest
from channels.testing import HttpCommunicator, WebsocketCommunicator

from myproject.nul import NulMiddleware

Headers = list[tuple[bytes, bytes]]

PLACES = pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/?name=a%00b", []),
        ("/a%00b/", []),
        ("/", [(b"accept", b"*/*"), (b"cookie", rb'a=1; sessionid="abcdefgh\000"')]),
    ],
    ids=["query", "path", "cookie"],
)


async def serve(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """Serve whatever there is."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"served"})


application = NulMiddleware(serve)


@PLACES
async def test_a_request_with_a_nul_is_refused(address: str, headers: Headers) -> None:
    client = HttpCommunicator(application, "GET", address, headers=headers)

    response = await client.get_response()

    assert response["status"] == 400
    assert response["headers"] == [(b"content-type", b"application/json")]
    assert response["body"] == b'{"detail": "A NUL is not allowed here."}'


@PLACES
async def test_a_socket_with_a_nul_is_not_let_in(address: str, headers: Headers) -> None:
    client = WebsocketCommunicator(application, address, headers=headers)

    connected, _ = await client.connect()

    assert not connected


@pytest.mark.parametrize(
    ("address", "headers"),
    [("/?q=%2500", []), ("/", [(b"cookie", b"a=000")]), ("/", [(b"referer", rb"/\000")])],
    ids=["a percent sign", "zeros", "another header"],
)
async def test_every_other_is_served(address: str, headers: Headers) -> None:
    client = HttpCommunicator(application, "GET", address, headers=headers)

    assert (await client.get_response())["body"] == b"served"


async def test_a_socket_without_one_is_let_in() -> None:
    client = WebsocketCommunicator(application, "/")

    connected, _ = await client.connect()

    assert connected
    await client.disconnect()


async def test_the_servers_own_messages_are_passed_on() -> None:
    started = []

    async def live(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        started.append(scope["type"])

    await NulMiddleware(live)({"type": "lifespan"}, None, None)

    assert started == ["lifespan"]
