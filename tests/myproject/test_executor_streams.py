"""Let a stream hold no thread while it waits.

Use this for server-sent events and everything else whose end nobody knows: open more streams than
there are threads, and request something beside them. The trap is to give back too much: a
transaction that is open, or a query whose rows are half read, belongs to the thread it began in.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from channels.testing import HttpCommunicator
from django.contrib.auth.models import Group
from django.core.asgi import get_asgi_application
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from pytest_mock import MockerFixture

from myproject.executor import PersistentThreads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

Serve = Callable[..., PersistentThreads]

HOST = [(b"host", b"testserver")]


@sync_to_async
def thread_name() -> str:
    return threading.current_thread().name


@asynccontextmanager
async def nothing() -> AsyncIterator[None]:
    """Keep nothing."""
    yield


@asynccontextmanager
async def in_a_transaction() -> AsyncIterator[None]:
    """Keep a transaction open."""
    atomic = transaction.atomic()
    await sync_to_async(atomic.__enter__)()
    yield
    await sync_to_async(atomic.__exit__)(None, None, None)


@asynccontextmanager
async def without_autocommit() -> AsyncIterator[None]:
    """Keep autocommit off."""
    await sync_to_async(transaction.set_autocommit)(False)
    yield
    await sync_to_async(transaction.rollback)()
    await sync_to_async(transaction.set_autocommit)(True)


@asynccontextmanager
async def between_two_rows() -> AsyncIterator[None]:
    """Keep a query of which one row is read."""
    groups = Group.objects.order_by("name").aiterator(chunk_size=1)
    assert (await anext(groups)).name == "a"
    yield
    assert [group.name async for group in groups] == ["b"]


Keep = Callable[[], AbstractAsyncContextManager[None]]
KEPT: dict[str, Keep] = {
    keep.__name__: keep for keep in (in_a_transaction, without_autocommit, between_two_rows)
}
go_on = asyncio.Event()


async def listen(request: HttpRequest, keep: str) -> StreamingHttpResponse:
    """Stream the names of the threads that it is in: at once, after the event, and at the end."""

    async def events() -> AsyncIterator[str]:
        async with {**KEPT, "nothing": nothing}[keep]():
            yield await thread_name()
            await go_on.wait()
            yield await thread_name()
        yield await thread_name()

    return StreamingHttpResponse(events())


async def short(request: HttpRequest) -> HttpResponse:
    """Be in a thread for a moment."""
    return HttpResponse(await thread_name())


urlpatterns = [path("listen/<keep>/", listen), path("short/", short)]


@pytest.fixture(autouse=True)
def event() -> None:
    """Begin with an event that has not happened, for this test's event loop."""
    globals().update(go_on=asyncio.Event())


@pytest.fixture
def serve(mocker: MockerFixture) -> Iterator[Serve]:
    """Return a function that serves these views on so many threads."""
    made = []
    mocker.patch("myproject.threads.STALL", 0.001)

    def make(few: int, most: int) -> PersistentThreads:
        made.append(PersistentThreads(get_asgi_application(), few, most))
        return made[-1]

    yield make
    for application in made:
        application.close()


async def request(application: PersistentThreads, address: str) -> HttpCommunicator:
    """Return a client whose answer has begun."""
    client = HttpCommunicator(application, "GET", address, headers=HOST)
    await client.send_input({"type": "http.request"})
    assert (await client.receive_output(timeout=5))["status"] == 200
    return client


async def part(client: HttpCommunicator) -> str:
    """Return the next part of the answer."""
    body: bytes = (await client.receive_output(timeout=5)).get("body", b"")
    return body.decode()


async def leave(client: HttpCommunicator) -> None:
    """Be gone."""
    await client.send_input({"type": "http.disconnect"})
    await client.wait()


async def get(application: PersistentThreads) -> str:
    """Return what somebody else is answered."""
    client = await request(application, "/short/")
    body = await part(client)
    await client.wait()
    return body


async def test_more_people_listen_than_there_are_threads_and_others_are_served(
    serve: Serve,
) -> None:
    application = serve(few=1, most=1)
    streams = [await request(application, "/listen/nothing/") for _ in range(5)]
    parts = [await part(stream) for stream in streams]

    assert await get(application) == "http-0"

    assert parts == ["http-0"] * 5
    for stream in streams:
        await leave(stream)


async def test_a_stream_that_needs_a_thread_again_keeps_it_no_longer_than_the_first_time(
    serve: Serve,
) -> None:
    application = serve(few=1, most=1)
    stream = await request(application, "/listen/nothing/")
    await part(stream)
    go_on.set()

    assert [await part(stream), await part(stream), await part(stream)] == ["http-0", "http-0", ""]
    assert await get(application) == "http-0"
    await stream.wait()


async def test_the_thread_is_given_back_although_the_client_does_not_read(serve: Serve) -> None:
    application = serve(few=1, most=1)
    sending = asyncio.Event()
    scope = HttpCommunicator(application, "GET", "/listen/nothing/", headers=HOST).scope

    received: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    received.put_nowait({"type": "http.request"})

    async def send(message: dict[str, str]) -> None:
        if message["type"] == "http.response.body":
            sending.set()
            await asyncio.Event().wait()

    stream = asyncio.create_task(application(scope, received.get, send))
    await sending.wait()

    assert await get(application) == "http-0"
    received.put_nowait({"type": "http.disconnect"})
    await stream


@pytest.mark.parametrize("keep", KEPT)
async def test_a_stream_keeps_the_thread_that_it_will_look_for_something_in(
    serve: Serve, keep: str
) -> None:
    await Group.objects.abulk_create([Group(name="a"), Group(name="b")])
    application = serve(few=1, most=2)
    stream = await request(application, f"/listen/{keep}/")

    its_own, another = await part(stream), await get(application)
    go_on.set()

    assert await part(stream) == its_own != another
    await part(stream)
    await part(stream)
    await stream.wait()
