"""What goes on after its test, and would write into the next one.

A task on a loop that several tests share, or a thread that nobody joined: its statement fails the
test that it meets, and the message names it, its line and the test that left it behind. A thread
of a pool that waits for work is nobody's leftover.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

    class Run(Protocol):
        def __call__(self, tests: str) -> pytest.RunResult: ...


HEADER = """
import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

import pytest
import pytest_asyncio
from django.contrib.auth.models import Group
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=COMMITS)
go, started, done, kept = threading.Event(), threading.Event(), threading.Event(), []
"""

TASK = f"""{HEADER}
async def write_late(event):
    await event.wait()  # line 16
    await Group.objects.acreate(name="late")

@pytest.mark.asyncio(loop_scope="module")
async def test_leaves_a_task():
    event = asyncio.Event()
    kept.extend([event, asyncio.create_task(write_late(event), name="late")])

@pytest.mark.asyncio(loop_scope="module")
async def test_meets_it():
    kept[0].set()
    await asyncio.gather(kept[1], return_exceptions=True)
    await Group.objects.acreate(name="own")

async def test_finds_nothing():
    assert await Group.objects.acount() == 0
"""

FIXTURES = f"""{HEADER}
async def write(event):
    await event.wait()
    await Group.objects.acreate(name="written")

def begin(name):
    kept.append(asyncio.Event())
    kept.append(asyncio.create_task(write(kept[-1]), name=name))

written = threading.Semaphore(0)

def write_in_a_thread():
    started.wait()
    Group.objects.create(name=threading.current_thread().name)
    connection.close()
    written.release()

of_the_import = threading.Thread(target=write_in_a_thread)
of_the_import.start()

@pytest_asyncio.fixture(loop_scope="module")
async def of_the_test(db):
    begin("late")

@pytest_asyncio.fixture(loop_scope="module", scope="module", autouse=True)
async def of_the_module():
    begin("the module's")
    thread = threading.Thread(target=write_in_a_thread)
    thread.start()
    yield
    thread.join()

@pytest.mark.asyncio(loop_scope="module")
async def test_leaves_a_task(of_the_test):
    pass

@pytest.mark.asyncio(loop_scope="module")
async def test_meets_what_may_go_on():
    kept[0].set()
    await kept[1]
    started.set()
    await asyncio.to_thread(lambda: written.acquire() and written.acquire())
    assert await Group.objects.acount() == 3

@pytest.mark.asyncio(loop_scope="module")
async def test_meets_what_may_not():
    kept[2].set()
    await asyncio.gather(kept[3], return_exceptions=True)
"""

THREAD = f"""{HEADER}
def write_late():
    go.wait()
    try:
        WRITE  # line 17
    except BaseException:
        connection.close()
    done.set()

def test_leaves_a_thread():
    threading.Thread(target=write_late, name="late").start()

def test_fails_for_another_reason():
    go.set()
    done.wait()
    Group.objects.create(name="own")
    raise LookupError("another reason")

def test_finds_nothing():
    assert Group.objects.count() == 0
"""

POOL = f"""{HEADER}
begin = BEGIN

def work():
    started.set()
    go.wait()
    try:
        Group.objects.count()
    except BaseException:
        done.set()

@pytest.mark.parametrize("turn", [1, 2])
def test_uses_it(turn):
    assert begin(Group.objects.count).RESULT(5) == 0

def test_leaves_work():
    begin(work)
    started.wait()

def test_meets_it():
    go.set()
    done.wait()
"""

SERVER = f"""{HEADER}
from http.client import HTTPConnection

from django.conf import settings
from django.http import HttpResponse
from django.urls import path

def count_groups(request):
    return HttpResponse(Group.objects.count(), headers={{"Content-Length": 1}})

urlpatterns = [path("groups/", count_groups)]
settings.ROOT_URLCONF, settings.STATIC_URL = __name__, "static/"

@pytest.fixture(scope="module")
def client(django_db_setup, live_server):
    client = HTTPConnection(live_server.thread.host, live_server.thread.port)
    yield client
    client.close()

@pytest.mark.parametrize("turn", [1, 2])
def test_keeps_its_connection(client, turn):
    client.request("GET", "/groups/")
    assert client.getresponse().read() == b"0"
    assert client.sock
"""


@pytest.fixture(params=["alone", "with async_rollback"])
def run(request: pytest.FixtureRequest, inner_suite: InnerSuite) -> Run:
    """Run a suite that commits with nothing but this plugin, and one that rolls back with all."""
    alone = request.param == "alone"
    plugins = ["leftovers"] if alone else ["async_rollback", "async_db", "leftovers"]
    return lambda tests: inner_suite(tests.replace("COMMITS", str(alone)), plugins=plugins)


def test_a_task_that_goes_on_fails_the_test_that_it_meets(run: Run) -> None:
    result = run(TASK)

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        "*LeftoverError: Task 'late' at *test_inner.py:16 in write_late of "
        "test_inner.py::test_leaves_a_task goes on in test_inner.py::test_meets_it, at *"
    )


def test_what_a_fixture_begins_is_its_tests_or_nobodys(run: Run) -> None:
    result = run(FIXTURES)

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines("*Task 'late' at *of *::test_leaves_a_task goes on in *may_not, *")


@pytest.mark.parametrize(
    "write",
    [
        pytest.param("Group.objects.create(name='late')", id="a_statement"),
        pytest.param("Group.objects.bulk_create([Group(name='late')])", id="a_block"),
    ],
)
def test_a_thread_that_goes_on_is_shown_beside_another_error(run: Run, write: str) -> None:
    result = run(THREAD.replace("WRITE", write))

    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*LookupError: another reason",
            "*leftover of an earlier test*",
            "Thread 'late' of test_inner.py::test_leaves_a_thread goes on in "
            "test_inner.py::test_fails_for_another_reason, at *test_inner.py:17 in write_late: *",
        ]
    )


@pytest.mark.parametrize(
    ("begin", "result"),
    [
        pytest.param("ThreadPoolExecutor(1).submit", "result", id="an_executor"),
        pytest.param("ThreadPool(1).apply_async", "get", id="a_thread_pool"),
    ],
)
def test_a_pool_may_outlive_tests_but_not_its_work(run: Run, begin: str, result: str) -> None:
    outcome = run(POOL.replace("BEGIN", begin).replace("RESULT", result))

    outcome.assert_outcomes(passed=3, failed=1)
    outcome.stdout.fnmatch_lines("*of test_inner.py::test_leaves_work goes on in *::test_meets_it*")


def test_a_client_may_keep_its_connection_to_a_live_server(run: Run) -> None:
    result = run(SERVER)

    result.assert_outcomes(passed=2)
