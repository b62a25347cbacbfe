"""Test a middleware that needs PostgreSQL, while PostgreSQL is away.

Use a project's settings with a middleware that looks up, for each request with a session's cookie,
who sends it. The trap is a promise that holds for views only: an error that is raised before the
view, or after it, never comes to a ``process_exception``.
Code: myproject/outages.py
"""

import httpx2
import pytest

from tests.live.conftest import Wire, client_of, log_in, recovery
from tests.plugins.live_asgi_server import LiveServer, StartServer

pytestmark = pytest.mark.live


@pytest.fixture
async def server(start_asgi_server: StartServer, database: Wire) -> LiveServer:
    """A server that lets nobody in who is not logged in, at the end of the wire."""
    return await start_asgi_server(
        DJANGO_SETTINGS_MODULE="tests.live.login_required",
        DATABASE_URL=database.url,
        DATABASE_SILENCE="1",
    )


async def is_told_to_try_again(client: httpx2.AsyncClient, server: LiveServer) -> None:
    """Ask as somebody who is logged in; see the answer, and one line in the log."""
    answer = await client.get("/api/external/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "2"
    assert answer.json() == {"detail": "The database cannot be reached. Try again."}
    log = await server.log()
    assert log.count("OperationalError") == log.count("/api/external/ was not served") == 1
    assert "Traceback" not in log


async def test_while_it_refuses_a_middlewares_outage_is_told_and_logged_in_one_line(
    server: LiveServer, database: Wire
) -> None:
    async with client_of(server) as client:
        assert (await client.get("/api/external/")).status_code == 302
        await log_in(client)

        await database.proxy.refuse()

        async with recovery("PostgreSQL refused: a middleware's client was told", within=3):
            await is_told_to_try_again(client, server)


async def test_while_it_is_silent_too(server: LiveServer, database: Wire) -> None:
    async with client_of(server) as client:
        await log_in(client)

        database.proxy.black_hole()

        async with recovery("PostgreSQL was silent: a middleware's client was told", within=5):
            await is_told_to_try_again(client, server)
