"""Rolling back with other habits: live_server, a kept database, rows of a module, routers.

Use the rollback plugin where a suite has ``live_server`` tests, ``--reuse-db``, rows that a module
shares, a router or ``IsolatedAsyncioTestCase``. The trap is rows for a module: they come from a
*sync* fixture, for what an async one writes is in no transaction that the tests share.

Code: tests/plugins/async_rollback.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.plugins.inner_suite import ON_POSTGRESQL

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

DATABASE = "postgresql" if ON_POSTGRESQL else "file"

BASE = """
import asyncio

import pytest
from django.contrib.auth.models import Group

async def create_the_only_group():
    assert await Group.objects.acount() == 0
    await Group.objects.acreate(name="Chemists")
    assert await asyncio.to_thread(Group.objects.count) == 1
"""

AFTER = """
@pytest.mark.django_db
def test_nothing_is_left():
    assert not Group.objects.exists()
"""

LIVE_SERVER = """
from urllib.request import urlopen

from django.conf import settings
from django.http import HttpResponse
from django.urls import path

def count_groups(request):
    return HttpResponse(Group.objects.count())

urlpatterns = [path("groups/", count_groups)]
settings.ROOT_URLCONF = __name__
settings.STATIC_URL = "static/"

async def test_live_server(django_db_setup, live_server):
    await create_the_only_group()
    response = await asyncio.to_thread(urlopen, f"{live_server.url}/groups/")
    assert response.read() == b"1"
    response.close()
"""

KEPT = """
@pytest.mark.django_db
async def test_rolled_back():
    await create_the_only_group()

@pytest.mark.django_db(transaction=True)
async def test_flushed():
    await create_the_only_group()
"""

MODULE = """
from asgiref.sync import async_to_sync
from django.db import transaction

async def create():
    await Group.objects.acreate(name="of the module")

@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        async_to_sync(create)()
        yield
        transaction.set_rollback(True)

@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
async def test_rows_of_the_module(rows, turn):
    await Group.objects.acreate(name="of the test")
    assert await asyncio.to_thread(Group.objects.count) == 2
"""

ROUTER = """
class Router:
    def db_for_read(self, model, **hints):
        return "other"

    def db_for_write(self, model, **hints):
        return "other"

@pytest.mark.django_db(databases=["default", "other"])
async def test_routed(settings):
    settings.DATABASE_ROUTERS = [Router()]
    await create_the_only_group()
    assert await Group.objects.using("default").acount() == 0

@pytest.mark.django_db(databases=["default", "other"])
async def test_the_other_database_is_rolled_back_too():
    assert await Group.objects.using("other").acount() == 0
"""

ISOLATED = """
from unittest import IsolatedAsyncioTestCase

@pytest.mark.django_db
class TestIsolated(IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        await create_the_only_group()

    async def test_one(self):
        assert await Group.objects.acount() == 1

    async def test_two(self):
        assert await Group.objects.acount() == 1
"""


def test_live_server_commits_and_is_flushed(inner_suite: InnerSuite) -> None:
    result = inner_suite(BASE + LIVE_SERVER + AFTER, database=DATABASE)

    result.assert_outcomes(passed=2)


def test_a_database_that_is_kept_stays_clean(inner_suite: InnerSuite) -> None:
    options = [["--reuse-db"], ["--reuse-db"], ["--reuse-db", "--create-db"]]

    results = [inner_suite(BASE + KEPT + AFTER, *some, database=DATABASE) for some in options]

    assert [result.parseoutcomes() for result in results] == [{"passed": 3}] * 3


def test_rows_of_a_module_are_in_every_test_and_gone_after_the_last(
    inner_suite: InnerSuite, pytester: pytest.Pytester
) -> None:
    pytester.makepyfile(test_later=BASE + AFTER)

    result = inner_suite(BASE + MODULE, database=DATABASE)

    result.assert_outcomes(passed=3)


def test_routers_choose_among_databases_that_roll_back(inner_suite: InnerSuite) -> None:
    result = inner_suite(BASE + ROUTER + AFTER, database=DATABASE)

    result.assert_outcomes(passed=3)


def test_isolated_asyncio_test_case_with_the_mark(inner_suite: InnerSuite) -> None:
    result = inner_suite(BASE + ISOLATED + AFTER, database=DATABASE)

    result.assert_outcomes(passed=3)
