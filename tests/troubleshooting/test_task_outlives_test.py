"""A task that outlives its test.

A view that starts a task and answers at once is tested before the work is done; when the test ends,
its loop is closed and the task cancelled half-way, in silence. Whether the row is there depends on
timing.

Message: none; an assertion after the response fails now and then
Cure: keep the tasks in a set, and await them in the test before it asserts
Seen on: Python 3.11 and 3.13, Django 5.2.19 and 6.1.3
Upstream: https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task
"""

import asyncio

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import AsyncRequestFactory

from users.models import User

pytestmark = pytest.mark.django_db

background: set[asyncio.Task[None]] = set()


async def create_alice() -> None:
    await asyncio.sleep(0)  # whatever gives way to others
    await User.objects.acreate(username="alice")


async def sign_up(request: HttpRequest) -> HttpResponse:
    task = asyncio.create_task(create_alice())
    background.add(task)
    task.add_done_callback(background.discard)
    return HttpResponse(status=202)


async def test_the_response_comes_before_the_row(async_rf: AsyncRequestFactory) -> None:
    await sign_up(async_rf.post("/"))

    assert not any(task.done() for task in background)
    await asyncio.gather(*background)


def test_the_end_of_the_loop_cancels_the_task(async_rf: AsyncRequestFactory) -> None:
    asyncio.run(sign_up(async_rf.post("/")))

    assert not User.objects.exists()


async def test_a_test_that_awaits_the_task_sees_the_row(async_rf: AsyncRequestFactory) -> None:
    await sign_up(async_rf.post("/"))

    await asyncio.gather(*background)

    assert await User.objects.filter(username="alice").aexists()
