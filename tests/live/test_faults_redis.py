"""Test a chat through an outage of Redis.

Use a proxy before the real Redis, and watch what people see: an error frame and not silence, no
socket closed, everything acknowledged delivered, and all of it working again without a restart.
A message counts as acknowledged when its sender hears it.
"""

import asyncio
import json
from contextlib import suppress

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosedError

from tests.live.conftest import EMAIL, Wire, client_of, join, recovery, said, status_becomes
from tests.plugins.live_asgi_server import LiveServer, StartServer

pytestmark = pytest.mark.live

NOT_SENT = {"error": "Your message was not sent. Try again."}


@pytest.fixture
async def server(start_asgi_server: StartServer, redis: Wire) -> LiveServer:
    """A server at the end of it."""
    return await start_asgi_server(REDIS_URL=redis.url)


async def say(socket: ClientConnection, message: str) -> dict[str, str]:
    """Say something and return the answer; silence is an answer too."""
    await socket.send(json.dumps({"message": message}))
    with suppress(TimeoutError):
        # Longer than a message may take that is going to arrive, so that none is heard twice.
        return await asyncio.wait_for(said(socket), 3)
    return {}


async def say_until_heard(socket: ClientConnection, message: str) -> None:
    """Say it until it is acknowledged."""
    while await say(socket, message) != {"message": message}:
        pass


async def test_while_redis_refuses_a_sender_is_told_and_no_socket_closes(
    server: LiveServer, redis: Wire, room: str
) -> None:
    async with join(server, room) as alice, join(server, room) as bob:
        await say_until_heard(alice, "before")

        await redis.proxy.refuse()
        async with recovery("Redis refused: the sender was told", within=3):
            await alice.send('{"message": "lost"}')
            assert await said(alice) == NOT_SENT

        await redis.proxy.heal()
        async with recovery("Redis was healed: the chat worked", within=10):
            await say_until_heard(alice, "after")
        assert [await said(bob), await said(bob)] == [{"message": "before"}, {"message": "after"}]


async def test_everything_acknowledged_around_a_cut_is_delivered_in_order(
    server: LiveServer, redis: Wire, room: str
) -> None:
    async with join(server, room) as alice, join(server, room) as bob:
        sent = [f"message {number}" for number in range(20)]
        for message in sent[:10]:
            await say_until_heard(alice, message)

        redis.proxy.cut()
        async with recovery("Redis was cut: ten messages were acknowledged", within=10):
            for message in sent[10:]:
                await say_until_heard(alice, message)

        assert [(await said(bob))["message"] for _ in sent] == sent


async def test_when_redis_is_silent_a_sender_is_told_within_three_seconds(
    server: LiveServer, redis: Wire, room: str
) -> None:
    async with join(server, room) as alice:
        await say_until_heard(alice, "before")

        redis.proxy.black_hole()
        async with recovery("Redis was silent: the sender was told", within=3):
            await alice.send('{"message": "lost"}')
            assert await said(alice) == NOT_SENT


async def test_who_comes_during_the_outage_is_told_to_try_again(
    server: LiveServer, redis: Wire, room: str
) -> None:
    await redis.proxy.refuse()

    async with asyncio.timeout(5), join(server, room) as late:
        with pytest.raises(ConnectionClosedError):
            await late.recv()

    assert late.close_code == 1013


async def test_the_process_lives_on_and_says_that_it_is_not_ready(
    server: LiveServer, redis: Wire
) -> None:
    async with client_of(server) as client:
        await redis.proxy.refuse()
        async with asyncio.timeout(3):
            outage = await client.get("/readyz")

        assert outage.status_code == 503
        assert outage.json() == {"database": "ok", "channel layer": "unreachable"}
        assert outage.headers["Retry-After"] == "2"
        assert (await client.get("/healthz")).status_code == 200

        await redis.proxy.heal()
        async with recovery("Redis was healed: the process was ready", within=5):
            await status_becomes(client, "/readyz", 200)


async def test_the_log_names_the_cause_without_a_traceback(
    server: LiveServer, redis: Wire, room: str
) -> None:
    async with join(server, room) as alice:
        await say_until_heard(alice, "before")

        await redis.proxy.refuse()
        await say(alice, "lost")

        await server.until_logged(
            "Unexpected exception in receive task: ConnectionError: Error 111"
        )
        log = await server.log()
        assert "A chat message was not sent: " in log
        assert "Traceback" not in log


async def log_in_status(client: httpx2.AsyncClient) -> tuple[int, str | None]:
    """Try to log in, for which attempts are counted in Redis; return the status, and the advice."""
    response = await client.post(
        "/api/login/",
        json={"username": EMAIL, "password": "a guess"},
        headers={"X-CSRFToken": client.cookies["csrftoken"]},
    )
    return response.status_code, response.headers.get("Retry-After")


async def test_who_logs_in_meanwhile_is_told_to_try_again(server: LiveServer, redis: Wire) -> None:
    async with client_of(server) as client:
        await client.get("/api/me/")

        await redis.proxy.refuse()
        async with recovery("Redis refused: who logged in was told", within=3):
            assert await log_in_status(client) == (503, "2")

        await redis.proxy.heal()
        assert await log_in_status(client) == (400, None)

        redis.proxy.black_hole()
        async with recovery("Redis was silent: who logged in was told", within=5):
            assert await log_in_status(client) == (503, "2")

    log = await server.log()
    assert log.count("/api/login/ was not served") == 2
    assert "Traceback" not in log
