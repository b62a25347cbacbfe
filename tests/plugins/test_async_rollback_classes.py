"""Django's own ``TestCase``, rolled back with all its threads.

Most suites are classes. Their transactions are on the main thread's connection as well, one for the
class and its data and one for each test; without the plugin, a consumer in one test can close the
connection of all that follow, and what a thread writes stays for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

CLASSES = """
import asyncio
import threading
from unittest import IsolatedAsyncioTestCase

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import TestCase, TransactionTestCase

class AsyncConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        await database_sync_to_async(Group.objects.create)(name="consumer")
        await self.accept()

class SyncConsumer(WebsocketConsumer):
    def connect(self):
        Group.objects.create(name="consumer")
        self.accept()

async def count_after_a_socket(consumer):
    communicator = WebsocketCommunicator(consumer.as_asgi(), "/")
    await communicator.connect()
    await communicator.disconnect()
    return await Group.objects.acount()

def write_in_a_thread():
    thread = threading.Thread(target=Group.objects.create, kwargs={"name": "thread"})
    thread.start()
    thread.join()

def reopen():
    connection.close()
    connection.connect()

class Classes(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.group = Group.objects.create(name="of the class")

    def setUp(self):
        assert Group.objects.get() == self.group

    async def test_async_consumer(self):
        assert await count_after_a_socket(AsyncConsumer) == 2

    async def test_sync_consumer(self):
        assert await count_after_a_socket(SyncConsumer) == 2

    def test_consumer_in_a_sync_test(self):
        assert async_to_sync(count_after_a_socket)(AsyncConsumer) == 2

    async def test_to_thread(self):
        await asyncio.to_thread(Group.objects.create, name="to_thread")
        assert await asyncio.to_thread(Group.objects.count) == 2

    def test_thread(self):
        write_in_a_thread()
        assert Group.objects.count() == 2

    async def test_not_thread_sensitive(self):
        await sync_to_async(write_in_a_thread, thread_sensitive=False)()
        assert await Group.objects.acount() == 2

    async def test_reopened_connection(self):
        await sync_to_async(reopen)()
        await Group.objects.acreate(name="later")

    def test_hooks_are_captured(self):
        ran = []
        with self.captureOnCommitCallbacks(execute=True):
            transaction.on_commit(lambda: ran.append("hook"))
        assert ran == ["hook"]

class Subclass(Classes):
    pass

@pytest.mark.django_db
@pytest.mark.run_on_commit
class Marked(Classes):
    pass

class TwoDatabases(TestCase):
    databases = {"default", "other"}

    async def test_to_thread(self):
        await asyncio.to_thread(Group.objects.using("other").create, name="other")
        assert await Group.objects.using("other").acount() == 1

    async def test_clean(self):
        assert await Group.objects.using("other").acount() == 0

class Transactional(TransactionTestCase):
    async def test_to_thread(self):
        await asyncio.to_thread(Group.objects.create, name="committed")
        assert await Group.objects.acount() == 1
        assert not await sync_to_async(lambda: connection.in_atomic_block)()

    def test_thread(self):
        write_in_a_thread()
        assert Group.objects.count() == 1

class Isolated(IsolatedAsyncioTestCase):
    async def test_without_the_database(self):
        assert asyncio.get_running_loop().is_running()

@pytest.mark.django_db
def test_nothing_stays():
    assert Group.objects.count() == 0
"""


def test_classes_keep_their_data_and_leave_nothing(
    any_database: str, inner_suite: InnerSuite
) -> None:
    result = inner_suite(CLASSES, database=any_database)

    result.assert_outcomes(passed=30)
