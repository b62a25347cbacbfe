"""Test on every server that requests which await something slow hold nobody up.

Let eight of them look up who is there, and so hold a thread each, and then wait for an outside API;
ask for something from the database beside them. The trap is a number of threads that grows with
load, or never: these eight need none, and have all there are.
Code: myproject/threads.py
"""

import asyncio

import pytest

from tests.live.conftest import Upstream, client_of, log_in
from tests.plugins.live_asgi_server import SERVERS, StartServer

pytestmark = pytest.mark.live


@pytest.mark.parametrize("name", SERVERS)
async def test_beside_eight_who_wait_after_a_query_others_are_served(
    start_asgi_server: StartServer, slow_upstream: Upstream, name: str
) -> None:
    server = await start_asgi_server(
        name,
        DJANGO_SETTINGS_MODULE="tests.live.login_required",
        EXTERNAL_API_URL=slow_upstream.url,
        EXTERNAL_API_TIMEOUT="20",
        HTTP_THREADS="1",
    )
    async with client_of(server) as client:
        await log_in(client)
        eight = [asyncio.create_task(client.get("/api/external/")) for _ in range(8)]
        await asyncio.gather(*(slow_upstream.calls.get() for _ in eight))

        async with asyncio.timeout(2):
            beside = await client.get("/api/users/")

        assert beside.status_code == 200
        assert not any(task.done() for task in eight)
        slow_upstream.may_answer.set()
        async with asyncio.timeout(2):
            answers = await asyncio.gather(*eight)
        assert [answer.status_code for answer in answers] == [200] * 8
