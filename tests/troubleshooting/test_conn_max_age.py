"""Persistent database connections under ASGI.

``CONN_MAX_AGE`` keeps a thread's connection for that thread's next request. Under ASGI each
request has a thread of its own, which ends with it; its connection stays open, of use to nobody,
until the garbage collector or the server's limit ends it.

Message: FATAL: sorry, too many clients already
Message: FATAL: remaining connection slots are reserved for non-replication superuser connections
Cure: `CONN_MAX_AGE = 0`, and the backend's pool (`"OPTIONS": {"pool": True}` for PostgreSQL)
Seen on: Django 5.2.19 and 6.1.3, asgiref 3.13.0
Upstream: https://code.djangoproject.com/ticket/33497
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import HttpCommunicator
from django.core.asgi import get_asgi_application
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import DjangoDbBlocker

pytestmark = pytest.mark.urls(__name__)

HOST = [(b"host", b"testserver")]


def query() -> None:
    connection.cursor().execute("SELECT 1")


async def view(request: HttpRequest) -> HttpResponse:
    await sync_to_async(query)()
    return HttpResponse()


urlpatterns = [path("", view)]


async def request() -> None:
    communicator = HttpCommunicator(get_asgi_application(), "GET", "/", headers=HOST)
    await communicator.get_response()
    await communicator.wait()


@pytest.fixture
def database(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, Any]]:
    """Settings of a database that only new threads will connect to."""
    database = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": tmp_path / "db.sqlite3",
        "OPTIONS": {},
    }
    monkeypatch.setitem(connections.settings, "default", database)
    with django_db_blocker.unblock():
        yield database


@pytest.fixture
def opened() -> Iterator[list[BaseDatabaseWrapper]]:
    """Every connection that is opened."""
    opened = []

    def remember(connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
        opened.append(connection)

    connection_created.connect(remember)
    yield opened
    connection_created.disconnect(remember)
    for each in opened:
        each.inc_thread_sharing()
        each.close()


def still_open(opened: list[BaseDatabaseWrapper]) -> int:
    return sum(each.connection is not None for each in opened)


async def test_each_request_leaves_its_connection_open(
    database: dict[str, Any], opened: list[BaseDatabaseWrapper]
) -> None:
    database["CONN_MAX_AGE"] = 60

    await request()
    await request()

    assert still_open(opened) == 2


async def test_without_persistence_each_request_closes_its_own(
    database: dict[str, Any], opened: list[BaseDatabaseWrapper]
) -> None:
    database["CONN_MAX_AGE"] = 0

    await request()
    await request()

    assert (len(opened), still_open(opened)) == (2, 0)
