"""Follow a request through tasks and threads, by a context variable.

Use it for what every log line of a request should tell (its id, the tenant) and no function should
have to pass on. The traps: ``run_in_executor`` and plain threads start without the context, and a
variable that is taken back with the response is missing from what a stream and Django log later.
"""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import AsyncRequestFactory

from myproject.request_ids import GetResponse, RequestIdFilter, request_id_middleware

logger = logging.getLogger(__name__)

Logged = Callable[[], list[tuple[str, str]]]


def say() -> None:
    logger.warning("said")


async def asay() -> None:
    say()


async def say_in_a_task() -> None:
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(asay())


async def say_in_an_executor() -> None:
    await asyncio.get_running_loop().run_in_executor(None, say)


async def say_in_an_executor_with_the_context() -> None:
    context = contextvars.copy_context()
    await asyncio.get_running_loop().run_in_executor(None, context.run, say)


async def meet(request: HttpRequest, barrier: asyncio.Barrier) -> HttpResponse:
    await barrier.wait()
    logger.warning(request.path)
    return HttpResponse()


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[str]:
        say()
        yield "part"

    return StreamingHttpResponse(parts())


def behind_the_middleware(
    work: Callable[[], Awaitable[Any]],
) -> GetResponse:
    """Make a view of a function without arguments."""

    async def view(request: HttpRequest) -> HttpResponse:
        await work()
        return HttpResponse()

    return request_id_middleware(view)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Logged]:
    """A function that returns each line so far, with the id of its request before it."""
    add_id = RequestIdFilter()
    caplog.handler.addFilter(add_id)
    yield lambda: [(vars(record)["request_id"], record.message) for record in caplog.records]
    caplog.handler.removeFilter(add_id)


@pytest.mark.parametrize(
    "work",
    [
        asay,
        sync_to_async(say),
        sync_to_async(say, thread_sensitive=False),
        lambda: asyncio.to_thread(say),
        lambda: asyncio.gather(asay()),
        say_in_a_task,
        say_in_an_executor_with_the_context,
    ],
    ids=["loop", "sync_to_async", "a thread", "to_thread", "gather", "task", "executor"],
)
async def test_whatever_a_request_sets_off_logs_the_id_that_the_client_gets(
    work: Callable[[], Awaitable[Any]], async_rf: AsyncRequestFactory, logged: Logged
) -> None:
    response = await behind_the_middleware(work)(async_rf.get("/"))

    assert logged() == [(response.headers["X-Request-ID"], "said")]


async def test_an_executor_starts_without_the_context(
    async_rf: AsyncRequestFactory, logged: Logged
) -> None:
    await behind_the_middleware(say_in_an_executor)(async_rf.get("/"))

    assert logged() == [("-", "said")]


async def test_requests_at_the_same_time_do_not_mix_their_ids(
    async_rf: AsyncRequestFactory, logged: Logged
) -> None:
    barrier = asyncio.Barrier(2)
    view = request_id_middleware(lambda request: meet(request, barrier))

    ada, bob = await asyncio.gather(view(async_rf.get("/ada/")), view(async_rf.get("/bob/")))

    assert sorted(logged()) == sorted(
        [(ada.headers["X-Request-ID"], "/ada/"), (bob.headers["X-Request-ID"], "/bob/")]
    )
    assert ada.headers["X-Request-ID"] != bob.headers["X-Request-ID"]


async def test_a_stream_keeps_the_id(async_rf: AsyncRequestFactory, logged: Logged) -> None:
    response: Any = await request_id_middleware(stream)(async_rf.get("/"))

    assert [part async for part in response] == [b"part"]
    assert logged() == [(response.headers["X-Request-ID"], "said")]


@pytest.mark.parametrize("given", ["7f3a", "A-1", "x" * 64])
async def test_an_id_that_a_proxy_has_chosen_is_kept(
    async_rf: AsyncRequestFactory, given: str
) -> None:
    request = async_rf.get("/", headers={"X-Request-ID": given})

    response = await behind_the_middleware(asay)(request)

    assert response.headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "two words", "a\n[b] forged", "x" * 65], ids=["none", "space", "line", "long"]
)
async def test_an_id_that_could_forge_a_line_of_the_log_is_replaced(
    async_rf: AsyncRequestFactory, given: str
) -> None:
    request = async_rf.get("/", headers={"X-Request-ID": given})

    response = await behind_the_middleware(asay)(request)

    assert len(response.headers["X-Request-ID"]) == 32
    assert response.headers["X-Request-ID"].isalnum()
