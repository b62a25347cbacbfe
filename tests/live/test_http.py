"""Test through a real server.

Use a server in its own process for what no test client has: connections, many requests at once,
and the server's own parsing. Each test runs on every server, because they differ.
"""

import asyncio

import httpx2
import pytest

from tests.live.conftest import EMAIL, log_in

pytestmark = pytest.mark.live


async def test_a_request_is_answered(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/users/1/")

    assert response.status_code == 200
    assert response.json() == {"id": 1, "name": "", "email": EMAIL}


async def test_requests_share_a_connection(client: httpx2.AsyncClient) -> None:
    first = await client.get("/api/users/")
    second = await client.get("/api/users/")

    connections = [
        response.extensions["network_stream"].get_extra_info("client_addr")
        for response in (first, second)
    ]
    assert connections[0] == connections[1]


async def test_a_hundred_requests_at_once_are_all_answered(client: httpx2.AsyncClient) -> None:
    responses = await asyncio.gather(*(client.get("/api/users/") for _ in range(100)))

    assert [response.status_code for response in responses] == [200] * 100


async def test_a_login_lasts_from_request_to_request(client: httpx2.AsyncClient) -> None:
    await log_in(client)

    created = await client.post(
        "/api/drf/users/",
        json={"name": "Grace", "email": "grace@example.com"},
        headers={"X-CSRFToken": client.cookies["csrftoken"]},
    )

    assert created.status_code == 201
    assert created.json()["name"] == "Grace"


async def test_an_unknown_path_is_answered_in_json_without_a_traceback(
    client: httpx2.AsyncClient,
) -> None:
    response = await client.get("/api/nothing/")

    assert response.status_code == 404
    assert response.json() == {"detail": "There is nothing at /api/nothing/"}
