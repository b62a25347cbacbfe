"""``IsolatedAsyncioTestCase`` in a Django suite.

It is unittest's, and knows nothing of databases: no transaction, no rollback. Where ``manage.py
test`` runs no other class that asks for one, there is not even a test database, and the tests write
to the **development database**. Mixed into ``TestCase``, it runs in a thread that the class's
transaction does not reach. Under pytest the mark ``django_db``, with the rollback plugin, contains
it.

Message: django.db.utils.OperationalError: no such table: auth_group
Message: none; the test writes to the development database, or sees what others wrote
Cure: `django.test.TestCase`, whose async methods are awaited; for set-up, `async_to_sync`
Seen on: Python 3.11 and 3.13, Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/testing/tools/#testing-asynchronous-code
"""

import sqlite3
import subprocess
import sys

import pytest
from django.contrib.auth.models import Group
from django.test import TestCase

SETTINGS = """
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "development"}}
"""

SUITE = """
from unittest import IsolatedAsyncioTestCase

from django.contrib.auth.models import Group

class GroupTests(IsolatedAsyncioTestCase):
    async def test_create(self):
        await Group.objects.acreate(name="Chemists")
"""


def test_it_writes_to_the_development_database(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(suite_settings=SETTINGS, suite=SUITE)
    development = sqlite3.connect("development")
    development.execute("CREATE TABLE auth_group (id INTEGER PRIMARY KEY, name TEXT)")

    command = [sys.executable, "-m", "django", "test", "suite", "--settings=suite_settings"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.stderr.endswith("OK\n")
    assert development.execute("SELECT name FROM auth_group").fetchall() == [("Chemists",)]
    development.close()


class GroupTests(TestCase):
    async def test_djangos_test_case_awaits_and_rolls_back(self) -> None:
        await Group.objects.acreate(name="Chemists")

        assert await Group.objects.acount() == 1

    async def test_so_that_another_test_finds_nothing(self) -> None:
        assert await Group.objects.acount() == 0
