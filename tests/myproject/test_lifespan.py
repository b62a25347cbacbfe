"""Test what an application does when its server starts and stops.

Use ``ApplicationCommunicator`` with a scope of type ``lifespan``: no test client starts or stops
anything, so what you close at the stop would never be tested. The trap is to wait for the answer
to the stop before saying stop; the application waits too.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from twisted.internet.task import Clock

from myproject.lifespan import Lifespan, speak_for_daphne

STARTUP = {"type": "lifespan.startup"}
SHUTDOWN = {"type": "lifespan.shutdown"}


def server_of(application: Any) -> Any:
    communicator: Any = ApplicationCommunicator
    return communicator(application, {"type": "lifespan"})


def lifespan(events: list[str]) -> Lifespan:
    @asynccontextmanager
    async def context() -> AsyncIterator[None]:
        events.append("opened")
        yield
        events.append("closed")

    return Lifespan(context)


async def refuse() -> Any:
    raise ConnectionError("nobody there")


@asynccontextmanager
async def fails_to_open() -> AsyncIterator[None]:
    yield await refuse()


@asynccontextmanager
async def fails_to_close() -> AsyncIterator[None]:
    yield
    await refuse()


async def test_the_context_is_open_when_the_server_has_started() -> None:
    events: list[str] = []
    server = server_of(lifespan(events))

    await server.send_input(STARTUP)

    assert await server.receive_output() == {"type": "lifespan.startup.complete"}
    assert events == ["opened"]
    assert await server.receive_nothing()


async def test_the_context_is_closed_when_the_server_has_stopped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "myproject.lifespan")
    events: list[str] = []
    server = server_of(lifespan(events))
    await server.send_input(STARTUP)
    await server.receive_output()

    await server.send_input(SHUTDOWN)

    assert await server.receive_output() == {"type": "lifespan.shutdown.complete"}
    assert events == ["opened", "closed"]
    assert caplog.messages == ["What was opened for this process is closed."]
    await server.wait()


@pytest.mark.parametrize(
    ("context", "messages", "failure"),
    [
        (fails_to_open, [STARTUP], "lifespan.startup.failed"),
        (fails_to_close, [STARTUP, SHUTDOWN], "lifespan.shutdown.failed"),
    ],
    ids=["opening", "closing"],
)
async def test_the_server_is_told_of_a_failure(
    context: Callable[[], Any], messages: list[Any], failure: str
) -> None:
    sent: list[Any] = []
    inbox = iter(messages)

    with pytest.raises(ConnectionError):
        await Lifespan(context)({}, async_function(inbox.__next__), async_function(sent.append))

    assert sent[-1] == {"type": failure, "message": "nobody there"}


async def test_a_server_that_gives_up_is_told_of_no_failure() -> None:
    sent: list[Any] = []
    asked = asyncio.Event()

    async def receive() -> Any:
        asked.set()
        await asyncio.Future()

    life = asyncio.create_task(lifespan([])({}, receive, async_function(sent.append)))
    await asked.wait()
    life.cancel()
    await asyncio.wait([life])

    assert life.cancelled()
    assert sent == []


def async_function(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    async def call(*args: Any) -> Any:
        return function(*args)

    return call


class Reactor(Clock):
    """As much of Twisted's reactor as is needed here; it runs until somebody stops it.

    ``twisted.internet.testing`` has a whole one, but imports Trial, and from then on pytest 9.2
    looks up Twisted's version before each test of the run, which takes longer than many a test.
    """

    has_stopped = False

    def callWhenRunning(  # noqa: N802 - Twisted's name, as the next one
        self, function: Callable[..., Any], *arguments: Any
    ) -> None:
        self.begin = partial(function, *arguments)

    def addSystemEventTrigger(  # noqa: N802
        self, phase: str, event: str, function: Callable[..., Any], *arguments: Any
    ) -> None:
        self.triggers = {(phase, event): partial(function, *arguments)}

    def stop(self) -> None:
        self.has_stopped = True

    def run(self) -> None:
        self.begin()
        self.advance(0)

    async def shut_down(self) -> None:
        await self.triggers["before", "shutdown"]().asFuture(asyncio.get_running_loop())


@pytest.fixture
def reactor() -> Reactor:
    return Reactor()


async def test_daphne_starts_and_stops_the_application_too(reactor: Reactor) -> None:
    events: list[str] = []
    speak_for_daphne(lifespan(events), reactor)
    assert events == []

    reactor.run()
    await reactor.shut_down()

    assert events == ["opened", "closed"]
    assert not reactor.has_stopped


async def test_daphne_sends_what_other_servers_send(reactor: Reactor) -> None:
    received: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        received.extend([scope, await receive(), await receive()])

    speak_for_daphne(application, reactor)
    reactor.run()
    await reactor.shut_down()

    assert received == [{"type": "lifespan"}, STARTUP, SHUTDOWN]


async def test_daphne_stops_when_the_application_cannot_start(reactor: Reactor) -> None:
    speak_for_daphne(Lifespan(fails_to_open), reactor)
    reactor.run()

    with pytest.raises(ConnectionError):
        await reactor.shut_down()

    assert reactor.has_stopped
