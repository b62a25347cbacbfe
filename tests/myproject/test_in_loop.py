"""Count the thread hops of a request.

Use this to see what a middleware costs: each sync hook in an async chain is a hop to a thread and
back, and a dozen of them cost more than the view. The trap is that nothing looks wrong: Django's
middleware counts as async-capable, and it hops all the same.
"""

from typing import Any
from unittest.mock import AsyncMock

import pytest
from asgiref.sync import SyncToAsync
from channels.testing import HttpCommunicator
from django.contrib import messages
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.asgi import get_asgi_application
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import AsyncClient, AsyncRequestFactory, RequestFactory
from django.urls import path
from django.utils.crypto import get_random_string
from pytest_django import Settings
from pytest_mock import MockerFixture

from benchmarks import untuned_settings
from myproject.executor import PersistentThreads, keep_house_once
from myproject.in_loop import CsrfViewMiddleware, SessionMiddleware

pytestmark = pytest.mark.django_db

LONG = get_random_string(5000)  # random, or compressed it would fit into a cookie after all


async def remember(request: HttpRequest) -> JsonResponse:
    """Write to the session, and leave a message for the next page."""
    await request.session.aset("fruit", request.GET["fruit"])
    messages.info(request, "Remembered")
    return JsonResponse({})


async def announce(request: HttpRequest) -> JsonResponse:
    """Leave a message that no cookie can hold; it goes into the session."""
    messages.info(request, LONG)
    return JsonResponse({})


async def recall(request: HttpRequest) -> JsonResponse:
    """Show both."""
    fruit = await request.session.aget("fruit")  # loads the session, where messages may be, too
    shown = [str(message) for message in messages.get_messages(request)]
    return JsonResponse({"fruit": fruit, "messages": shown})


urlpatterns = [
    path("remember/", remember),
    path("announce/", announce),
    path("recall/", recall),
]


async def hops_of_a_request(mocker: MockerFixture, url: str) -> int:
    """Return how often a request went to its thread; that is the one which has the test's rows."""
    lease = SyncToAsync.single_thread_executor
    mocker.patch("myproject.executor.Lease", return_value=lease)
    mocker.patch.object(lease, "end", create=True)
    mocker.patch.object(lease, "part", create=True)
    hops = mocker.spy(lease, "submit")
    application = PersistentThreads(get_asgi_application(), few=1, most=1)
    request = HttpCommunicator(application, "GET", url, headers=[(b"host", b"testserver")])
    await request.send_input({"type": "http.request"})
    await request.wait()
    return hops.call_count


async def test_a_request_hops_for_its_query_and_for_opening_and_closing(
    mocker: MockerFixture,
) -> None:
    assert await hops_of_a_request(mocker, "/api/users/") == 3


@pytest.mark.usefixtures("house_of_djangos")
async def test_in_production_it_hops_for_its_query_and_for_closing(mocker: MockerFixture) -> None:
    keep_house_once()

    assert await hops_of_a_request(mocker, "/api/users/") == 2


async def test_with_djangos_own_middleware_it_hops_sixteen_times(
    mocker: MockerFixture, settings: Settings
) -> None:
    settings.MIDDLEWARE = untuned_settings.MIDDLEWARE

    assert await hops_of_a_request(mocker, "/api/users/") == 16


async def test_sessions_and_messages_are_kept(
    async_client: AsyncClient, settings: Settings
) -> None:
    settings.ROOT_URLCONF = __name__

    await async_client.get("/remember/?fruit=apple")
    first = await async_client.get("/recall/")
    second = await async_client.get("/recall/")

    assert first.json() == {"fruit": "apple", "messages": ["Remembered"]}
    assert second.json() == {"fruit": "apple", "messages": []}


async def test_a_message_that_is_too_long_for_a_cookie_is_kept_in_the_session(
    async_client: AsyncClient, settings: Settings
) -> None:
    settings.ROOT_URLCONF = __name__

    await async_client.get("/remember/?fruit=apple")
    await async_client.get("/announce/")
    response = await async_client.get("/recall/")

    assert response.json()["messages"] == ["Remembered", LONG]


async def test_a_form_without_its_token_is_refused() -> None:
    client = AsyncClient(enforce_csrf_checks=True)

    response = await client.post("/admin/login/", {"username": "ada"})

    assert response.status_code == 403


@pytest.mark.urls(__name__)
async def test_what_is_posted_without_a_token_reaches_no_view() -> None:
    response = await AsyncClient(enforce_csrf_checks=True).post("/announce/")

    assert response.status_code == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
async def test_what_is_only_read_counts_as_checked_without_a_hop(
    async_rf: AsyncRequestFactory, mocker: MockerFixture, method: str
) -> None:
    hops = mocker.spy(SyncToAsync, "__call__")
    request: Any = async_rf.generic(method, "/")

    await CsrfViewMiddleware(AsyncMock()).process_view(request, announce, (), {})

    assert request.csrf_processing_done
    assert hops.call_count == 0


async def test_a_form_with_its_token_is_taken() -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    await client.get("/admin/login/")
    token = client.cookies["csrftoken"].value

    response = await client.post("/admin/login/", {"csrfmiddlewaretoken": token})

    assert response.status_code == 200


def interrupted(error: Exception, cause: Exception | None) -> Exception:
    """Return what is raised when a session could not be saved."""
    update = UpdateError()
    error.__context__, update.__context__ = update, cause
    return error


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        (interrupted(SessionInterrupted(), OperationalError()), OperationalError),
        (interrupted(SessionInterrupted(), InterfaceError()), InterfaceError),
        (interrupted(SessionInterrupted(), IntegrityError()), SessionInterrupted),
        (interrupted(SessionInterrupted(), None), SessionInterrupted),
        (SessionInterrupted(), SessionInterrupted),
        (interrupted(ZeroDivisionError(), OperationalError()), ZeroDivisionError),
    ],
    ids=["outage", "no connection", "no outage", "deleted", "who knows why", "a defect"],
)
def test_a_session_that_an_outage_keeps_from_being_saved_was_not_deleted(
    rf: RequestFactory, mocker: MockerFixture, raised: Exception, seen: type[Exception]
) -> None:
    django = "django.contrib.sessions.middleware.SessionMiddleware"
    mocker.patch(f"{django}.process_response", side_effect=raised)

    with pytest.raises(seen):
        SessionMiddleware(AsyncMock()).process_response(rf.get("/"), HttpResponse())


async def test_the_security_headers_are_there(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/users/")

    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_plain_http_is_sent_to_https_in_production(
    async_client: AsyncClient, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True

    response = await async_client.get("/api/users/")

    assert response.status_code == 301
    assert response.headers["Location"] == "https://testserver/api/users/"


async def test_a_forgotten_slash_is_added(async_client: AsyncClient) -> None:
    response = await async_client.get("/api/users")

    assert response.status_code == 301
    assert response.headers["Location"] == "/api/users/"
