"""Every form of ``django_db``, side by side.

Marks and fixtures, rolled back or flushed, one database or several, Django's own test cases: mix
them in one run, in random order and several processes. Each test starts clean, and one without the
database stays without it, in every thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

FORMS = """
import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError
from django.test import TestCase, TransactionTestCase

async def write():
    assert await Group.objects.acount() == 0
    await Group.objects.acreate(name="one")
    assert await asyncio.to_thread(Group.objects.count) == 1

@pytest.mark.django_db
async def test_plain():
    await write()

async def test_db_fixture(db):
    await write()

@pytest.mark.django_db(serialized_rollback=True)
async def test_serialized_rollback():
    await write()

@pytest.mark.django_db(databases=["default", "other"])
async def test_two_databases():
    assert await Group.objects.using("other").acount() == 0
    await Group.objects.using("other").acreate(name="other")
    await write()

@pytest.mark.django_db
async def test_a_database_not_asked_for_is_refused():
    with pytest.raises(AssertionError, match="to 'other' are not allowed"):
        await Group.objects.using("other").acount()

@pytest.mark.django_db
class TestClassMark:
    async def test_async(self):
        await write()

    def test_sync(self):
        assert not connection.allow_thread_sharing or Group.objects.count() == 0

class TestDjango(TestCase):
    @classmethod
    def setUpTestData(cls):
        Group.objects.create(name="of the class")

    async def test_async(self):
        await Group.objects.acreate(name="of the test")
        assert await Group.objects.acount() == 2

    async def test_another(self):
        await self.test_async()

@pytest.mark.django_db(transaction=True)
async def test_transaction():
    await write()

async def test_transactional_db(transactional_db):
    await write()

@pytest.mark.django_db(reset_sequences=True)
async def test_reset_sequences():
    await write()
    assert (await Group.objects.aget()).pk == 1

class TestDjangoTransaction(TransactionTestCase):
    async def test_async(self):
        await write()

async def test_without_the_database_every_thread_is_blocked():
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        await Group.objects.acount()
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        await asyncio.to_thread(Group.objects.count)
"""
FORMS_PASSED = 14


def test_every_form_of_django_db_starts_clean(any_database: str, inner_suite: InnerSuite) -> None:
    result = inner_suite(FORMS, database=any_database)

    result.assert_outcomes(passed=FORMS_PASSED)


def test_random_order_and_several_processes_change_nothing(inner_suite: InnerSuite) -> None:
    result = inner_suite(FORMS, "-p", "xdist", "-n2", "-p", "randomly")

    result.assert_outcomes(passed=FORMS_PASSED)
