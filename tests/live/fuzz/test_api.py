"""Send an API what its description allows, and what it does not.

Use schemathesis against a live server: it makes up requests from the OpenAPI description, valid
ones and others. None may be answered with 5xx, nor with anything but what is described. The traps:
a client that is not logged in, or is throttled, so that all it ever tests is 401 or 429.
Code: users/api.py, myproject/openapi.py
"""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.live.conftest import EMAIL, PASSWORD, client_of
from tests.plugins.live_asgi_server import StartServer

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(300)]

CHECKS = "not_a_server_error,content_type_conformance,response_schema_conformance"


async def test_no_request_is_answered_with_a_server_error(
    start_asgi_server: StartServer, tmp_path: Path
) -> None:
    server = await start_asgi_server(DJANGO_SETTINGS_MODULE="tests.live.fuzz.settings")
    async with client_of(server) as client:
        credentials = {"username": EMAIL, "password": PASSWORD}
        token = (await client.post("/api/v1/token/", json=credentials)).json()["token"]

        process = await asyncio.create_subprocess_exec(
            *[sys.executable, "-m", "schemathesis.cli", "run", f"{server.url}/api/v1/schema/"],
            *["--header", f"Authorization: Token {token}", "--checks", CHECKS],
            *["--phases", "coverage,fuzzing", "--max-examples", "50"],
            *["--exclude-method", "DELETE"],  # it would soon delete who asks
            *["--generation-deterministic", "--no-color"],
            cwd=tmp_path,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        report = (await process.communicate())[0].decode()

        assert process.returncode == 0, report
        assert "Authentication failed" not in report, report
        assert "Rate limited" not in report, report
