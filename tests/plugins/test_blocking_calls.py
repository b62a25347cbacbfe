"""Catch a blocking call in the event loop.

Use blockbuster for the whole run, so that the test whose code blocks fails, whatever it asserts.
The trap is a green suite over a view that calls ``time.sleep`` or a sync HTTP client: alone it is
only slow, and under load it stops everybody.
"""

import asyncio
import runpy
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from asgiref.sync import sync_to_async
from blockbuster import BlockingError
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path

from tests.plugins.inner_suite import InnerSuite


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


@pytest.fixture
def lock_data(tmp_path: Path) -> Callable[[threading.Lock], bool]:
    """Waits for a lock; its name and its file's are those of coverage's."""
    file = tmp_path / "coverage" / "collector.py"
    file.parent.mkdir()
    file.write_text("def lock_data(lock): return lock.acquire(timeout=0.01)")
    return cast("Callable[[threading.Lock], bool]", runpy.run_path(str(file))["lock_data"])


async def test_only_coverage_may_wait_for_a_lock(
    lock_data: Callable[[threading.Lock], bool],
) -> None:
    lock = threading.Lock()
    lock.acquire()

    with pytest.raises(BlockingError):
        lock.acquire(timeout=0.01)
    assert not lock_data(lock)


URLS = """
from pathlib import Path
from django.shortcuts import render
from django.urls import path

SOURCE = Path(__file__).read_text()

async def page(request):
    return render(request, "page.html")

urlpatterns = [path("page/", page)]
"""

SUITE = """
import time
import pytest_asyncio
from django.conf import settings

settings.ROOT_URLCONF = "inner_urls"
settings.TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", {"page.html": "hello"})]},
    }
]

async def test_first_request(async_client):
    response = await async_client.get("/page/")
    assert response.content == b"hello"

@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def blocking_fixture():
    time.sleep(0)

def test_fixture(blocking_fixture):
    pass
"""


def test_the_first_request_may_block_and_a_fixture_for_the_whole_module_may_not(
    inner_suite: InnerSuite, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(inner_urls=URLS)

    result = inner_suite(SUITE, plugins=["blocking_calls"])

    result.assert_outcomes(passed=1, errors=1)
