"""Rows for a whole module, written in an async fixture.

A transaction belongs to the thread that opens it. pytest-django opens those of the tests in
pytest's own, an async fixture in that of the ORM: two transactions. Neither sees the other, and on
SQLite the second to write waits for the first. A sync fixture opens it in the right thread, and may
let async code fill it.

Message: django.db.utils.OperationalError: database is locked
Message: none; the rows of the fixture are missing in the test
Told by: the fixture is async, and wider than one test
Cure: a sync fixture, with `transaction.atomic()` in it and `async_to_sync(fill)()`
Seen on: pytest-django 4.14.0, Django 5.2.19 and 6.1.3
Upstream: https://github.com/pytest-dev/pytest-django/issues/580
"""

from tests.plugins.inner_suite import InnerSuite

BASE = """
import pytest
import pytest_asyncio
from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.models import Group
from django.db import OperationalError, connections, transaction

async def fill():
    await Group.objects.acreate(name="of the module")
"""

ASYNC = """
connections["default"].settings_dict["OPTIONS"]["timeout"] = 0  # do not wait for the lock

@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        block = transaction.atomic()
        await sync_to_async(block.__enter__)()
        await fill()
        yield
        await sync_to_async(transaction.set_rollback)(True)
        await sync_to_async(block.__exit__)(None, None, None)

@pytest.mark.django_db
async def test_rows(rows):
    assert not await Group.objects.aexists()
    with pytest.raises(OperationalError, match="database is locked"):
        await Group.objects.acreate(name="of the test")
"""

SYNC = """
@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        async_to_sync(fill)()
        yield
        transaction.set_rollback(True)

@pytest.mark.django_db
async def test_rows(rows):
    assert await Group.objects.aexists()
    await Group.objects.acreate(name="of the test")
"""


def test_an_async_fixture_opens_a_transaction_of_its_own(inner_suite: InnerSuite) -> None:
    result = inner_suite(BASE + ASYNC)

    result.assert_outcomes(passed=1)


def test_a_sync_fixture_shares_its_transaction(inner_suite: InnerSuite) -> None:
    result = inner_suite(BASE + SYNC)

    result.assert_outcomes(passed=1)
