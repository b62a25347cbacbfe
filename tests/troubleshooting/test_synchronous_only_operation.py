"""The sync ORM in a coroutine.

A query would block the event loop, so Django refuses it in any thread that runs one: in an async
test, an async view, a consumer. Every query method has a twin with an ``a`` in front; for code
that has none, run the whole function in the ORM's thread.

Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line is a query: `.get()`, `.create()`, `.count()`, a `for` over a queryset
Cure: await `aget()`, `acreate()`, `acount()` …; wrap other sync code in `sync_to_async`
Seen on: Django 5.2.19 and 6.1.3, asgiref 3.13.0
Upstream: https://docs.djangoproject.com/en/stable/topics/async/#async-safety
"""

import re

import pytest
from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.core.exceptions import SynchronousOnlyOperation

from users.models import User

pytestmark = pytest.mark.django_db

MESSAGE = re.escape("You cannot call this from an async context - use a thread or sync_to_async.")


async def test_a_sync_query_in_a_coroutine_raises(user: User) -> None:
    with pytest.raises(SynchronousOnlyOperation, match=MESSAGE):
        User.objects.get(pk=user.pk)


async def test_a_sync_query_in_a_consumer_kills_the_socket() -> None:
    class Counter(AsyncWebsocketConsumer):
        async def connect(self) -> None:
            self.people = User.objects.count()

    communicator = WebsocketCommunicator(Counter.as_asgi(), "/")

    with pytest.raises(SynchronousOnlyOperation, match=MESSAGE):
        await communicator.connect(timeout=0.2)


async def test_the_async_twin_works(user: User) -> None:
    assert await User.objects.aget(pk=user.pk) == user


async def test_sync_code_works_in_the_thread_of_the_orm(user: User) -> None:
    def emails() -> list[str]:
        return [person.email for person in User.objects.all()]

    assert await sync_to_async(emails)() == [user.email]
