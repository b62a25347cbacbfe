"""The application in a process of its own, behind a real ASGI server and a real socket.

pytest-django's ``live_server`` is WSGI only (pytest-django #1027), and runs in a thread of the
tests, where it shares their settings, their patches and their database. This one starts what a
user starts. Copy this file, list it in ``pytest_plugins``, and override ``live_server_environment``
and ``live_server_commands`` in your own conftest. Your settings must read ``DATABASE_URL``.

Needs: psycopg, pytest-django, uvicorn
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

# Granian takes no descriptor; the others serve on the socket that the tests have bound.
SERVERS = {
    "daphne": "daphne --fd {fd} {app}",
    "uvicorn": "uvicorn --fd {fd} --timeout-graceful-shutdown 5 {app}",
    "granian": "granian --interface asgi --port {port} --workers-kill-timeout 5 {app}",
}
APPLICATION = "myproject.asgi:application"
READY_PATH = "/healthz"  # any answer will do, also 404; but it should come at once
SECONDS_TO_START = 15
LOGS = pytest.StashKey[list[Path]]()


class ServerDidNotStartError(Exception):
    """The server ended, or did not answer in time; the text is its log."""


@dataclass
class LiveServer:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def url(self) -> str:
        """Where HTTP clients find it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def ws_url(self) -> str:
        """Where WebSocket clients find it."""
        return f"ws://127.0.0.1:{self.port}"

    async def log(self) -> str:
        """Return what it has written so far, to standard output and error."""
        return await asyncio.to_thread(self.log_file.read_text)

    async def until_logged(self, text: str) -> None:
        """Wait until its log has this text."""
        while text not in await self.log():  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(0.02)

    async def stop(self) -> int:
        """Ask it to end (SIGTERM), wait until it has, and return its exit code."""
        self.process.terminate()
        return await asyncio.to_thread(self.process.wait)

    def kill(self) -> None:
        """End it as a crash would (SIGKILL), its children too; safe to call twice."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class StartServer(Protocol):
    """What ``start_asgi_server`` returns."""

    async def __call__(self, name: str = "uvicorn", **environment: str | None) -> LiveServer:
        """Start a server; more environment variables as keywords, ``None`` to unset one.

        Raises:
            ServerDidNotStartError: With the server's own log.
        """
        ...


@pytest.fixture(scope="session")
def live_server_environment() -> dict[str, str]:
    """Environment variables for every server; override it."""
    return {}


@pytest.fixture(scope="session")
def live_server_commands() -> list[str]:
    """What ``manage.py`` does to the database before the first test; override it."""
    return ["migrate"]


@pytest.fixture(scope="session")
def live_database_template(
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
    live_server_environment: dict[str, str],
    live_server_commands: list[str],
) -> Iterator[str]:
    """The address of a database as every server finds it."""
    with database(tmp_path_factory.mktemp("live")) as template:
        for command in live_server_commands:
            subprocess.run(
                [sys.executable, "manage.py", *command.split()],
                cwd=pytestconfig.rootpath,
                env={**os.environ, **live_server_environment, "DATABASE_URL": template},
                check=True,
            )
        yield template


@pytest.fixture(scope="module", params=list(SERVERS))
def live_asgi_server(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    live_database_template: str,
    live_server_environment: dict[str, str],
) -> Iterator[LiveServer]:
    """A running server, once per kind; the tests of a module share it and its database."""
    folder = tmp_path_factory.mktemp("live")
    log_file = folder / f"{request.param}.log"
    with database(folder, live_database_template) as url:
        environment = {**os.environ, **live_server_environment, "DATABASE_URL": url}
        server = launch(request.param, log_file, request.config.rootpath, environment)
        yield server
        server.kill()


@pytest.fixture
def live_database_url(tmp_path: Path, live_database_template: str) -> Iterator[str]:
    """The address of a database for this test alone."""
    with database(tmp_path, live_database_template) as url:
        yield url


@pytest.fixture
def start_asgi_server(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    live_database_url: str,
    live_server_environment: dict[str, str],
) -> Iterator[StartServer]:
    """Start servers over ``live_database_url``; all of them end with the test."""
    logs = request.node.stash.setdefault(LOGS, [])
    defaults = {**os.environ, **live_server_environment, "DATABASE_URL": live_database_url}
    cwd = request.config.rootpath

    async def start(name: str = "uvicorn", **variables: str | None) -> LiveServer:
        log_file = tmp_path / f"{name}-{len(logs) + 1}.log"
        logs.append(log_file)
        environment = {
            key: value for key, value in {**defaults, **variables}.items() if value is not None
        }
        server = await asyncio.to_thread(launch, name, log_file, cwd, environment)
        stack.callback(server.kill)
        return server

    with ExitStack() as stack:
        yield start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the log of every server of a test that failed."""
    report = yield
    if report.failed:
        shared = getattr(item, "funcargs", {}).get("live_asgi_server")
        for log_file in [*item.stash.get(LOGS, []), *([shared.log_file] if shared else [])]:
            report.sections.append((f"log of {log_file.stem}", log_file.read_text()))
    return report


def launch(name: str, log_file: Path, cwd: Path, environment: dict[str, str]) -> LiveServer:
    """Start a server and return when it has answered a request, whatever the answer is.

    The socket is bound here, so nobody can take its port in between, and it listens already: the
    kernel queues the first request until the server gets there. For a server that binds for
    itself, the socket only keeps the port.
    """
    with closing(socket.socket()) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        fd, port = listener.fileno(), listener.getsockname()[1]
        command = SERVERS[name].format(fd=fd, port=port, app=APPLICATION)
        if "--fd" in command:
            listener.listen(1024)
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command.split()],
                cwd=cwd,
                env={**environment, "PYTHONUNBUFFERED": "1"},
                pass_fds=[fd],
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        server = LiveServer(port, process, log_file)
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                server.kill()
                raise ServerDidNotStartError(log_file.read_text())
    return server


def answers(port: int) -> bool:
    """Tell whether the server answers a request; wait a little for it."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=0.5)) as connection:
        try:
            connection.request("HEAD", READY_PATH)
            connection.getresponse()
        except ConnectionRefusedError:
            time.sleep(0.02)
            return False
        except (OSError, HTTPException):
            return False
    return True


@contextmanager
def database(folder: Path, template: str = "") -> Iterator[str]:
    """Make a database of the kind that the tests run on, as a copy; yield its address; drop it."""
    url = os.environ.get("DATABASE_URL", "sqlite:")
    name = f"test_live_{uuid4().hex[:12]}"
    if url.startswith("sqlite"):
        file = folder / name
        if template:
            shutil.copy(urlsplit(template).path, file)
        yield f"sqlite:///{file}"
    else:
        server = urlsplit(url)
        copy_of = f' TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
        always_there = server._replace(path="/postgres").geturl()
        with psycopg.connect(always_there, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"{copy_of}'.encode())
            try:
                yield server._replace(path=f"/{name}").geturl()
            finally:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
