"""Catch a blocking call in the event loop.

Use blockbuster for the whole run, so that the test whose code blocks fails, whatever it asserts.
The trap is a green suite over a view that calls ``time.sleep`` or a sync HTTP client: alone it is
only slow, and under load it stops everybody.
"""

import asyncio
import time
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from blockbuster import BlockingError
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path


async def blocking_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Path(__file__).read_text())  # noqa: ASYNC240 - the defect to be caught


async def threaded_view(request: HttpRequest) -> HttpResponse:
    return HttpResponse(await sync_to_async(Path(__file__).read_text)())


urlpatterns = [path("blocking/", blocking_view), path("threaded/", threaded_view)]


@pytest.mark.urls(__name__)
async def test_a_view_that_reads_a_file_in_the_loop_fails_its_test(
    async_client: AsyncClient,
) -> None:
    with pytest.raises(BlockingError, match="Blocking call to"):
        await async_client.get("/blocking/")


@pytest.mark.urls(__name__)
async def test_a_view_that_reads_it_in_a_thread_does_not(async_client: AsyncClient) -> None:
    response = await async_client.get("/threaded/")

    assert response.status_code == 200


async def test_sleeping_in_the_loop_is_told_apart_from_awaiting() -> None:
    with pytest.raises(BlockingError):
        time.sleep(0)  # noqa: ASYNC251 - the defect to be caught

    await asyncio.sleep(0)


def test_sync_code_may_block() -> None:
    assert Path(__file__).read_text()
