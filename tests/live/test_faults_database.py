"""Test requests through an outage of PostgreSQL.

Use a proxy before the real server, and count what is left afterwards. The traps: connections that
persist and are dead without knowing it, so that the first request after the outage fails too, and
connections that multiply under load until the server refuses them.
"""

import asyncio

import httpx2
import psycopg
import pytest

from tests.live.conftest import Wire, client_of, log_in, recovery, status_becomes
from tests.plugins.live_asgi_server import LiveServer, StartServer

pytestmark = pytest.mark.live

OUTAGE = {"detail": "The database cannot be reached. Try again."}


@pytest.fixture
async def server(start_asgi_server: StartServer, database: Wire) -> LiveServer:
    """A server at the end of it."""
    return await start_asgi_server(DATABASE_URL=database.url, DATABASE_SILENCE="1")


@pytest.fixture
async def client(server: LiveServer) -> httpx2.AsyncClient:
    """A client of that server."""
    return client_of(server)


async def test_during_the_outage_clients_are_told_to_try_again(
    client: httpx2.AsyncClient, database: Wire
) -> None:
    async with client:
        await client.get("/api/users/")

        await database.proxy.refuse()
        async with recovery("PostgreSQL refused: the client was told", within=3):
            outage = await client.get("/api/users/")

        assert outage.status_code == 503
        assert outage.json() == OUTAGE
        assert outage.headers["Retry-After"] == "2"


async def test_the_process_lives_on_and_says_that_it_is_not_ready(
    client: httpx2.AsyncClient, database: Wire
) -> None:
    async with client:
        await client.get("/readyz")

        await database.proxy.refuse()
        async with asyncio.timeout(3):
            outage = await client.get("/readyz")

        assert outage.status_code == 503
        assert outage.json() == {"database": "unreachable", "channel layer": "ok"}
        assert (await client.get("/healthz")).status_code == 200


async def test_silence_is_an_outage_too(client: httpx2.AsyncClient, database: Wire) -> None:
    async with client:
        await asyncio.gather(*(client.get("/api/users/") for _ in range(8)))

        database.proxy.black_hole()
        async with recovery("PostgreSQL was silent: eight clients were told", within=6):
            outages = await asyncio.gather(*(client.get("/api/users/") for _ in range(8)))

        assert [outage.status_code for outage in outages] == [503] * 8
        assert [outage.headers["Retry-After"] for outage in outages] == ["2"] * 8
        await database.proxy.heal()
        async with recovery("PostgreSQL speaks again: eight requests were served", within=6):
            answers = await asyncio.gather(*(client.get("/api/users/") for _ in range(8)))
        assert [answer.status_code for answer in answers] == [200] * 8


async def test_a_load_balancer_is_answered_while_postgresql_is_silent(
    client: httpx2.AsyncClient, database: Wire
) -> None:
    async with client:
        await client.get("/readyz")

        database.proxy.black_hole()
        requests = [asyncio.create_task(client.get("/api/users/")) for _ in range(40)]
        for _ in range(2):
            async with asyncio.timeout(5):
                ready = await client.get("/readyz")
            assert ready.status_code == 503
            assert ready.json() == {"database": "unreachable", "channel layer": "ok"}
        async with asyncio.timeout(3):
            alive = await client.get("/healthz")

        assert alive.status_code == 200
        answers = await asyncio.gather(*requests)
        await database.proxy.heal()
        assert {answer.status_code for answer in answers} == {503}


async def test_afterwards_every_request_is_served_at_once_and_nothing_is_lost(
    client: httpx2.AsyncClient, database: Wire
) -> None:
    async with client:
        await log_in(client)
        created = await client.post(
            "/api/drf/users/",
            json={"name": "Grace", "email": "grace@example.com"},
            headers={"X-CSRFToken": client.cookies["csrftoken"]},
        )
        await database.proxy.refuse()
        await status_becomes(client, "/api/users/", 503)

        await database.proxy.heal()

        address = f"/api/users/{created.json()['id']}/"
        async with recovery("PostgreSQL was healed: eight requests were served", within=3):
            users = [await client.get(address) for _ in range(8)]
        assert [user.status_code for user in users] == [200] * 8
        assert users[0].json()["name"] == "Grace"


async def test_a_cut_under_load_costs_no_request_more_than_a_retry(
    client: httpx2.AsyncClient, database: Wire
) -> None:
    async with client:
        before = [asyncio.create_task(client.get("/api/users/")) for _ in range(50)]
        await before[0]

        database.proxy.cut()

        answers = await asyncio.gather(*before)
        assert {answer.status_code for answer in answers} <= {200, 503}
        afterwards = await asyncio.gather(*(client.get("/api/users/") for _ in range(50)))
        assert {answer.status_code for answer in afterwards} == {200}


async def test_the_log_names_the_cause_without_a_traceback(
    client: httpx2.AsyncClient, server: LiveServer, database: Wire
) -> None:
    async with client:
        await database.proxy.refuse()
        await status_becomes(client, "/api/users/", 503)

    log = await server.log()
    assert "/api/users/ was not served: OperationalError: connection failed" in log
    assert "Traceback" not in log


async def test_after_a_burst_there_are_no_more_connections_than_threads(
    start_asgi_server: StartServer, live_database_url: str
) -> None:
    server = await start_asgi_server(HTTP_THREADS="3", HTTP_THREADS_AT_MOST="3")
    async with client_of(server) as client:
        await asyncio.gather(*(client.get("/api/users/") for _ in range(300)))

    async with await psycopg.AsyncConnection.connect(live_database_url) as connection:
        count = await connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
        assert await count.fetchone() == (3,)
