"""A server as in production, and windows of a real browser on it.

Plain Playwright with its async API: each test has an event loop of its own, as everywhere in this
suite. The sync API would keep one running on the main thread, where no other async test or
fixture can then run; pytest-playwright-asyncio wants one loop for the whole session.

When a test fails, each of its windows leaves a screenshot and a trace in ``artefacts/``:
``uv run playwright show-trace artefacts/….zip`` replays it, step by step.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from blockbuster import BlockBuster

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[3]
ARTEFACTS = ROOT / "artefacts"
CHROMIUM = shutil.which("chromium")  # None: Playwright's own, from `playwright install chromium`
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Without the dependency group "browser" there is nothing to import.
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]

OpenPage = Callable[..., Awaitable["Page"]]
failed = pytest.StashKey[bool]()


class Server:
    """Daphne, which can be stopped and started without losing its port."""

    def __init__(self, folder: Path) -> None:
        # Listening here, and handing the socket down, leaves no race for the port: connections
        # wait in the backlog until a server accepts them.
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.log = ARTEFACTS / "server.log"
        self.url = "http://{}:{}".format(*self.socket.getsockname())
        self.environment = {
            **os.environ,
            "DEBUG": "false",
            "SECRET_KEY": "of a server that lives for one test run, and on 127.0.0.1 only",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECURE_SSL_REDIRECT": "false",
            "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
            "EXTERNAL_API_URL": f"{self.url}/upstream/",
            "REDIS_URL": "",
        }

    def manage(self, *arguments: str) -> None:
        """Run a management command in the server's environment."""
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)

    def start(self) -> None:
        """Start it; the first request is answered when it is ready."""
        fd = str(self.socket.fileno())
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "daphne", "--fd", fd, "myproject.asgi:application"],
                cwd=ROOT,
                env=self.environment,
                pass_fds=[self.socket.fileno()],
                stderr=log,
            )

    def stop(self) -> None:
        """Stop it, and with it every connection."""
        self.process.terminate()
        self.process.wait(timeout=10)


@pytest.fixture(scope="session")
def first_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server as in production, static files and all, with people in its database."""
    ARTEFACTS.mkdir(exist_ok=True)
    server = Server(tmp_path_factory.mktemp("server"))
    server.manage("collectstatic", "--no-input")
    server.manage("migrate")
    server.manage("shell", "-c", "from myproject.management.commands.demo import *; add_people()")
    server.start()
    yield server
    server.stop()
    server.socket.close()


@pytest.fixture
def server(first_server: Server) -> Server:
    """Return the server, also after a test that has stopped it."""
    if first_server.process.poll() is not None:
        first_server.start()
    return first_server


@pytest.fixture(autouse=True)
def _blocking_allowed(blockbuster: BlockBuster) -> Iterator[None]:
    # The application is in another process; Playwright looks for files when it starts.
    blockbuster.deactivate()
    yield
    blockbuster.activate()


@pytest.fixture
async def browser() -> AsyncIterator["Browser"]:
    """Return Chromium, the system's if there is one."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        yield await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture
async def open_page(
    browser: "Browser", server: Server, request: pytest.FixtureRequest
) -> AsyncIterator[OpenPage]:
    """Return a function that opens an address in a window of its own, as a person of its own.

    It takes what Playwright's ``new_context`` takes: ``color_scheme``, ``viewport`` and so on.
    """
    contexts: list[BrowserContext] = []

    async def open_page(address: str, **options: Any) -> "Page":
        context = await browser.new_context(base_url=server.url, **options)
        contexts.append(context)
        await context.tracing.start(screenshots=True, snapshots=True)
        page = await context.new_page()
        await page.goto(address)
        return page

    yield open_page
    for number, context in enumerate(contexts, 1):
        path = ARTEFACTS / "{}-{}".format(re.sub(r"\W+", "-", request.node.name), number)
        if request.node.stash.get(failed, False):
            await context.pages[0].screenshot(path=path.with_suffix(".png"), full_page=True)
            await context.tracing.stop(path=path.with_suffix(".zip"))
        await context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know whether their test has failed."""
    report = yield
    item.stash[failed] = item.stash.get(failed, False) or report.failed
    return report
