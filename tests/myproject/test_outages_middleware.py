"""Answer "try again" for an outage that a middleware runs into.

Use this to promise the same answer for the whole request: the user is looked up before the view
runs, and the session is saved after it. The traps: ``process_exception`` hears of a view's errors
only; and Django takes any error in saving a session for one that was deleted meanwhile, a 400.
"""

import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path
from django.utils.decorators import async_only_middleware
from pytest_django import Settings
from pytest_mock import MockerFixture

from myproject.middleware import GetResponse
from myproject.outages import NoOutages

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def outage() -> OperationalError:
    """Return what Django raises when PostgreSQL is stopped."""
    error = OperationalError("terminating connection")
    error.__cause__ = psycopg.errors.AdminShutdown("terminating connection")
    return error


@async_only_middleware
def failing_middleware(get_response: GetResponse) -> GetResponse:
    """Fail before or after the view, as the request wants it."""

    async def middleware(request: HttpRequest) -> HttpResponse:
        if request.GET.get("fail") == "before":
            raise outage()
        response = await get_response(request)
        if request.GET.get("fail") == "after":
            raise outage()
        if request.GET.get("fail") == "mistake":
            raise ZeroDivisionError
        return response

    return middleware


async def count(request: HttpRequest) -> HttpResponse:
    """Change the session; it is saved afterwards."""
    await request.session.aset("count", await request.session.aget("count", 0) + 1)
    return HttpResponse("counted")


urlpatterns = [path("count/", count)]


@pytest.fixture
def client(async_client: AsyncClient, settings: Settings) -> AsyncClient:
    """A client that gets answers and no exceptions; the middleware that fails is the last."""
    settings.MIDDLEWARE = [
        "myproject.outages.DatabaseOutageMiddleware",
        "myproject.in_loop.SessionMiddleware",
        f"{__name__}.failing_middleware",
    ]
    async_client.raise_request_exception = False
    return async_client


@pytest.fixture(autouse=True)
def _no_outages_in_the_log() -> Iterator[None]:
    """Filter Django's log, as ``LOGGING`` in the settings does."""
    logger, no_outages = logging.getLogger("django.request"), NoOutages()
    logger.addFilter(no_outages)
    yield
    logger.removeFilter(no_outages)


def is_told_to_try_again(response: Any) -> bool:
    return (response.status_code, response.headers.get("Retry-After")) == (503, "2")


@pytest.mark.parametrize("fail", ["before", "after"])
async def test_an_outage_in_a_middleware_is_told_and_logged_in_one_line(
    client: AsyncClient, caplog: pytest.LogCaptureFixture, fail: str
) -> None:
    response = await client.get("/count/", query_params={"fail": fail})

    assert is_told_to_try_again(response)
    assert response.json() == {"detail": "The database cannot be reached. Try again."}
    assert caplog.messages == [
        "/count/ was not served: OperationalError: terminating connection",
        "Service Unavailable: /count/",
    ]
    assert [record.exc_info for record in caplog.records] == [None, None]


async def test_a_mistake_in_a_middleware_is_an_error_with_its_traceback_in_the_log(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = await client.get("/count/", query_params={"fail": "mistake"})

    assert response.status_code == 500
    [logged] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert logged.exc_info
    assert logged.exc_info[0] is ZeroDivisionError


async def test_an_outage_when_a_new_session_is_saved_is_one(
    client: AsyncClient, mocker: MockerFixture
) -> None:
    mocker.patch.object(Session, "save", side_effect=outage())

    assert is_told_to_try_again(await client.get("/count/"))


async def test_an_outage_when_a_session_is_saved_again_is_one_too(
    client: AsyncClient, mocker: MockerFixture
) -> None:
    await client.get("/count/")
    mocker.patch.object(Session, "save", side_effect=outage())

    assert is_told_to_try_again(await client.get("/count/"))


async def test_a_session_that_somebody_has_deleted_is_still_refused(
    client: AsyncClient, mocker: MockerFixture
) -> None:
    await client.get("/count/")
    mocker.patch.object(Session, "save", side_effect=DatabaseError("did not affect any rows"))

    assert (await client.get("/count/")).status_code == 400


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
async def test_a_server_that_stops_before_the_session_is_saved_is_an_outage(
    client: AsyncClient, settings: Settings
) -> None:
    def lose() -> None:
        with connection.cursor() as cursor, pytest.raises(OperationalError):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    async def count_and_lose_the_database(request: HttpRequest) -> HttpResponse:
        response = await count(request)
        await sync_to_async(lose)()
        return response

    await client.get("/count/")
    settings.ROOT_URLCONF = (path("", count_and_lose_the_database),)

    assert is_told_to_try_again(await client.get("/"))
