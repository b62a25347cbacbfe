"""Keep the transaction of one request from the others.

Use this for whatever a database connection keeps: a transaction that is open across an ``await``,
``set_autocommit``. Threads that stay keep it too: what a request did not
end, because its client left in between, must not be there for the next.
"""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import HttpCommunicator
from django.contrib.auth.models import Group
from django.core.asgi import get_asgi_application
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from pytest_mock import MockerFixture

from myproject.executor import PersistentThreads

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

both = asyncio.Barrier(2)
in_query, go_on = threading.Event(), threading.Event()


async def open_a_transaction(request: HttpRequest) -> JsonResponse:
    """Create a group, and take it back after somebody else was served."""
    atomic = transaction.atomic()
    await sync_to_async(atomic.__enter__)()
    await both.wait()
    await both.wait()
    await sync_to_async(atomic.__exit__)(ValueError, ValueError(), None)
    return JsonResponse({})


async def query_for_long(request: HttpRequest) -> Any:
    """Be in a sync call until told to go on."""

    def wait() -> None:
        in_query.set()
        go_on.wait()
        Group.objects.create(name="slow")

    await sync_to_async(wait)()


async def turn_it_off_and_wait(request: HttpRequest) -> JsonResponse:
    """Leave it off, while somebody else is served."""
    await sync_to_async(transaction.set_autocommit)(False)
    await both.wait()
    await both.wait()
    return JsonResponse({})


async def state(request: HttpRequest) -> JsonResponse:
    """Show what a request finds."""
    return JsonResponse(await sync_to_async(state_of_the_connection)())


def state_of_the_connection() -> dict[str, object]:
    return {
        "groups": list(Group.objects.values_list("name", flat=True)),
        "autocommit": connection.get_autocommit(),
        "in_transaction": connection.in_atomic_block,
    }


VIEWS = [*[open_a_transaction, query_for_long, turn_it_off_and_wait, state]]
urlpatterns = [path(f"{view.__name__}/", view) for view in VIEWS]
CLEAN = {"groups": [], "autocommit": True, "in_transaction": False}


@pytest.fixture(autouse=True)
def events() -> None:
    """Begin with events of which none has happened, for this test's event loop."""
    globals().update(both=asyncio.Barrier(2))
    in_query.clear()
    go_on.clear()


Serve = Callable[..., PersistentThreads]


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


def client_of(application: PersistentThreads, view: str) -> HttpCommunicator:
    """Return a client that requests a view."""
    headers = [(b"host", b"testserver")]
    return HttpCommunicator(application, "GET", f"/{view}/", headers=headers)


async def get(application: PersistentThreads, view: str) -> object:
    """Return the body of the answer, when the request has ended."""
    client = client_of(application, view)
    response = await client.get_response(timeout=5)
    await client.wait()
    return json.loads(response["body"])


async def test_an_open_transaction_is_not_the_other_requests(serve: Serve) -> None:
    application = serve(few=1, most=2)
    holder = asyncio.create_task(get(application, "open_a_transaction"))
    await both.wait()

    assert await get(application, "state") == CLEAN
    await both.wait()
    await holder


async def test_autocommit_that_is_turned_off_is_off_for_that_request_alone(serve: Serve) -> None:
    application = serve(few=1, most=2)
    holder = asyncio.create_task(get(application, "turn_it_off_and_wait"))
    await both.wait()

    assert await get(application, "state") == CLEAN
    await both.wait()
    await holder


async def test_a_client_that_leaves_in_the_middle_of_a_query_costs_no_thread(
    serve: Serve,
) -> None:
    application = serve(few=1, most=1)
    client = client_of(application, "query_for_long")
    await client.send_input({"type": "http.request"})
    await asyncio.to_thread(in_query.wait)

    await client.send_input({"type": "http.disconnect"})
    next_one = asyncio.create_task(get(application, "state"))
    asyncio.get_running_loop().call_soon(go_on.set)

    assert await next_one == {**CLEAN, "groups": ["slow"]}
    await client.wait()
