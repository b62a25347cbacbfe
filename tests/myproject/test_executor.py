"""Keep requests that are under way at once apart.

Use this wherever requests run in threads that stay: middleware that keeps the user in a
``threading.local`` must never read another request's. The trap is to test with one request after
the other: let all of them meet at a barrier between two calls, where each could read the wrong one.
"""

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries
from pytest_mock import MockerFixture

from myproject.executor import Message, PersistentThreads, keep_house_once

View = Callable[[str], Awaitable[Any]]
Serve = Callable[..., PersistentThreads]

local = threading.local()
variable = contextvars.ContextVar[str]("variable")


@pytest.fixture
def lose_patience(mocker: MockerFixture) -> Callable[[], Any]:
    """Return a function after which who waits for a thread is refused at the first look."""
    return lambda: mocker.patch("myproject.threads.PATIENCE", 0)


@pytest.fixture
def serve(mocker: MockerFixture) -> Iterator[Serve]:
    """Return a function that serves a view; it gets the path and returns the body."""
    made = []
    mocker.patch("myproject.threads.STALL", 0.001)

    def make(view: View, few: int = 1, most: int = 1, **options: Any) -> PersistentThreads:
        async def application(scope: Message, receive: Any, send: Any) -> None:
            body = await view(scope["path"])
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})

        made.append(PersistentThreads(application, few, most, **options))
        return made[-1]

    yield make
    for application in made:
        application.close()


async def get(application: PersistentThreads, path: str) -> Any:
    """Return the status and the body of the answer."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await application({"type": "http", "path": path}, None, send)
    return sent[0]["status"], sent[1]["body"]


@sync_to_async
def thread_name() -> str:
    return threading.current_thread().name


def of_the_thread(path: str) -> None:
    local.value = path


def of_the_context(path: str) -> None:
    variable.set(path)


@pytest.mark.parametrize(
    ("write", "read"),
    [(of_the_thread, lambda: local.value), (of_the_context, variable.get)],
    ids=["threading.local", "ContextVar"],
)
async def test_what_a_request_keeps_for_itself_no_other_reads(
    serve: Serve, write: Callable[[str], None], read: Callable[[], str]
) -> None:
    barrier = asyncio.Barrier(12)

    async def view(path: str) -> str:
        await sync_to_async(write)(path)
        await barrier.wait()
        return await sync_to_async(read)()

    application = serve(view, few=2, most=12)

    answers = await asyncio.gather(*(get(application, f"/{n}/") for n in range(12)))

    assert answers == [(200, f"/{n}/") for n in range(12)]


async def test_a_request_that_needs_no_thread_waits_for_none(serve: Serve) -> None:
    one_is_in, done = asyncio.Event(), asyncio.Event()

    async def view(path: str) -> str:
        if path == "/needs/one/":
            await thread_name()
            one_is_in.set()
            await done.wait()
        return path

    application = serve(view)
    holder = asyncio.create_task(get(application, "/needs/one/"))
    await one_is_in.wait()

    assert await get(application, "/needs/none/") == (200, "/needs/none/")
    done.set()
    await holder


async def test_a_burst_of_requests_runs_in_as_many_threads_as_stay(
    serve: Serve, mocker: MockerFixture
) -> None:
    mocker.patch("myproject.threads.STALL", 60)
    application = serve(lambda path: thread_name(), few=2, most=100)

    answers = await asyncio.gather(*(get(application, "/") for _ in range(100)))

    assert {name for _, name in answers} <= {"http-0", "http-1"}


async def test_requests_that_await_something_slow_keep_none_from_being_served(
    serve: Serve,
) -> None:
    slow_ones = asyncio.Barrier(9)

    async def view(path: str) -> str:
        name = await thread_name()
        if path == "/slow/":
            await slow_ones.wait()
        return name

    application = serve(view, few=1, most=9)
    slow = [asyncio.create_task(get(application, "/slow/")) for _ in range(8)]

    status, _ = await get(application, "/fast/")

    assert status == 200
    assert not any(task.done() for task in slow)
    await slow_ones.wait()
    assert len({name for _, name in await asyncio.gather(*slow)}) == 8


async def test_who_waits_too_long_is_told_to_try_again(
    serve: Serve, lose_patience: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    one_is_in, both = asyncio.Event(), asyncio.Barrier(2)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def view(path: str) -> str:
        await thread_name()
        one_is_in.set()
        await both.wait()
        return path

    application = serve(view)
    holder = asyncio.create_task(get(application, "/first/"))
    await one_is_in.wait()
    lose_patience()

    await asyncio.create_task(application({"path": "/second/"}, None, send))

    assert sent == [
        {
            "type": "http.response.start",
            "status": 503,
            "headers": [(b"content-type", b"application/json"), (b"retry-after", b"2")],
        },
        {"type": "http.response.body", "body": b'{"detail": "The server is busy. Try again."}'},
    ]
    assert caplog.messages == ["/second/ was not served: no free thread in 5 s"]
    await both.wait()
    assert await holder == (200, "/first/")


async def test_a_request_that_is_refused_half_way_does_not_look_complete(
    serve: Serve, lose_patience: Callable[[], Any]
) -> None:
    one_is_in, both = asyncio.Event(), asyncio.Barrier(2)
    sent: list[str] = []

    async def send(message: Message) -> None:
        sent.append(message["type"])

    async def stream(scope: Message, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await thread_name()
        one_is_in.set()
        await both.wait()

    application = serve(thread_name)
    application.application = stream
    holder = asyncio.create_task(application({"path": "/"}, None, send))
    await one_is_in.wait()
    lose_patience()

    with pytest.raises(asyncio.CancelledError):
        await application({"path": "/"}, None, send)

    assert sent == ["http.response.start"] * 2
    await both.wait()
    await holder


async def test_an_answer_is_complete_even_if_a_part_of_the_work_was_refused(
    serve: Serve, lose_patience: Callable[[], Any]
) -> None:
    one_is_in, both = asyncio.Event(), asyncio.Barrier(2)

    async def view(path: str) -> str:
        if path == "/first/":
            await thread_name()
            one_is_in.set()
            await both.wait()
            return path
        await asyncio.wait([asyncio.create_task(thread_name())])
        return "without the thread's name"

    async def and_close(scope: Message, receive: Any, send: Any) -> None:
        await application_without(scope, receive, send)
        await thread_name()

    application = serve(view)
    application_without, application.application = application.application, and_close
    holder = asyncio.create_task(get(application, "/first/"))
    await one_is_in.wait()
    lose_patience()

    answer = await asyncio.create_task(get(application, "/second/"))

    assert answer == (200, "without the thread's name")
    await both.wait()
    await holder


async def test_nobody_waits_for_the_response_to_be_closed(serve: Serve) -> None:
    may_close = threading.Event()
    closed_in: list[str] = []

    async def view(path: str) -> str:
        if path == "/with a thread/":
            await thread_name()
        return path

    def close() -> None:
        may_close.wait(timeout=5)
        closed_in.append(threading.current_thread().name)

    async def and_close(scope: Message, receive: Any, send: Any) -> None:
        await application_without(scope, receive, send)
        await sync_to_async(close)()

    application = serve(view)
    application_without, application.application = application.application, and_close
    await get(application, "/with a thread/")
    await get(application, "/without/")

    assert closed_in == []

    may_close.set()
    await asyncio.to_thread(application.close)

    assert sorted(closed_in) == ["http-0", "http-end-0"]


async def test_what_goes_wrong_when_the_response_is_closed_is_logged(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    async def view(path: str) -> str:
        return path

    def fail() -> None:
        raise ValueError("no such file")

    async def and_fail(scope: Message, receive: Any, send: Any) -> None:
        await application_without(scope, receive, send)
        await sync_to_async(fail)()

    application = serve(view)
    application_without, application.application = application.application, and_fail

    answer = await get(application, "/")
    await asyncio.to_thread(application.close)

    assert answer == (200, "/")
    [record] = caplog.records
    assert record.getMessage() == "A call after the response failed"
    assert record.exc_info
    assert str(record.exc_info[1]) == "no such file"


async def test_a_request_that_is_cancelled_while_it_waits_costs_no_thread(serve: Serve) -> None:
    both = asyncio.Barrier(2)

    async def view(path: str) -> str:
        name = await thread_name()
        if path == "/first/":
            await both.wait()
        return name

    application = serve(view)
    holder = asyncio.create_task(get(application, "/first/"))
    waiter = asyncio.create_task(get(application, "/second/"))
    await asyncio.sleep(0)

    waiter.cancel()
    await asyncio.wait([waiter])
    await both.wait()

    assert waiter.cancelled()
    assert await holder == (200, "http-0")
    assert await get(application, "/third/") == (200, "http-0")


async def test_a_reserved_path_is_served_while_nobody_else_is(serve: Serve) -> None:
    both = asyncio.Barrier(2)

    async def view(path: str) -> str:
        name = await thread_name()
        if path == "/":
            await both.wait()
        return name

    application = serve(view, reserved=["/healthz"])
    holder = asyncio.create_task(get(application, "/"))
    await asyncio.sleep(0)

    assert await get(application, "/healthz") == (200, "http/healthz-0")
    await both.wait()
    assert await holder == (200, "http-0")


def test_connections_are_looked_after_once_a_request(mocker: MockerFixture) -> None:
    mocker.patch.object(request_started, "receivers", [])
    request_started.connect(close_old_connections)
    request_started.connect(reset_queries)

    keep_house_once()

    assert request_started.receivers == []
