"""Rolling back async tests.

Mark async tests with plain ``django_db``: whatever a test sets off, in whichever thread, is in its
transaction, and gone afterwards. Without ``async_rollback`` the rows of an async test stay for
the next one, and the rows of its synchronous fixtures are out of its sight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import Group
from django.db import IntegrityError, close_old_connections, connection, connections, transaction
from django.db.models.signals import post_save
from django.http import HttpRequest, HttpResponse
from django.urls import path

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from django.test import AsyncClient

    WriteRow = Callable[[AsyncClient], Awaitable[object]]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


async def create_group_view(request: HttpRequest) -> HttpResponse:
    await Group.objects.acreate(name="request")
    return HttpResponse()


urlpatterns = [path("groups/", create_group_view)]


class CreateGroupConsumer(AsyncWebsocketConsumer):
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await database_sync_to_async(Group.objects.create)(name=text_data)
        await self.send("created")


async def write_with_the_orm(client: AsyncClient) -> None:
    await Group.objects.acreate(name="async ORM")


async def write_with_sync_to_async(client: AsyncClient) -> None:
    await sync_to_async(Group.objects.create)(name="sync_to_async")


async def write_in_a_request(client: AsyncClient) -> None:
    await client.get("/groups/")


async def write_in_a_consumer(client: AsyncClient) -> None:
    communicator = WebsocketCommunicator(CreateGroupConsumer.as_asgi(), "/")
    await communicator.connect()
    await communicator.send_to(text_data="consumer")
    await communicator.receive_from()
    await communicator.disconnect()


async def write_in_an_atomic_block(client: AsyncClient) -> None:
    await sync_to_async(transaction.atomic(Group.objects.create))(name="atomic")


@pytest.fixture(
    params=[
        write_with_the_orm,
        write_with_sync_to_async,
        write_in_a_request,
        write_in_a_consumer,
        write_in_an_atomic_block,
    ],
    ids=lambda write: write.__name__.removeprefix("write_"),
)
def write_row(request: pytest.FixtureRequest) -> WriteRow:
    """Each way to write a row in turn."""
    write: WriteRow = request.param
    return write


@pytest.fixture
def sync_group(db: None) -> Group:
    return Group.objects.create(name="sync fixture")


@pytest.fixture
async def async_group(db: None) -> Group:
    return await Group.objects.acreate(name="async fixture")


@pytest_asyncio.fixture(loop_scope="module")
async def group_from_a_wider_loop(db: None) -> Group:
    return await Group.objects.acreate(name="wider loop")


@pytest.fixture
def companion_by_signal(db: None) -> Generator[None]:
    """Create a second group whenever one is created."""

    def create_companion(instance: Group, **kwargs: object) -> None:
        Group.objects.bulk_create([Group(name=f"companion of {instance.name}")])

    post_save.connect(create_companion, sender=Group)
    yield
    post_save.disconnect(create_companion, sender=Group)


async def test_each_test_starts_without_the_rows_of_another(
    write_row: WriteRow, async_client: AsyncClient
) -> None:
    assert await Group.objects.acount() == 0  # whichever ran before

    await write_row(async_client)

    assert await Group.objects.acount() == 1


async def test_rows_of_sync_and_async_fixtures_meet(
    sync_group: Group, async_group: Group, group_from_a_wider_loop: Group
) -> None:
    names = {group.name async for group in Group.objects.all()}

    assert names == {"sync fixture", "async fixture", "wider loop"}


def test_a_sync_test_sees_and_rolls_back_the_rows_of_an_async_fixture(async_group: Group) -> None:
    assert Group.objects.get() == async_group


async def test_rows_that_a_signal_writes_are_in_the_transaction(companion_by_signal: None) -> None:
    await Group.objects.acreate(name="one")

    assert await Group.objects.filter(name="companion of one").aexists()


async def test_an_atomic_block_that_fails_takes_only_its_own_rows(
    sync_group: Group,
) -> None:
    @transaction.atomic
    def create_twice() -> None:
        Group.objects.create(name="twice")
        Group.objects.create(name="twice")

    with pytest.raises(IntegrityError):
        await sync_to_async(create_twice)()

    assert await Group.objects.aget() == sync_group


@pytest.mark.parametrize("close", [close_old_connections, connections.close_all])
async def test_code_that_closes_its_connection_does_not_end_the_transaction(
    close: Callable[[], None], sync_group: Group
) -> None:
    await sync_to_async(close)()

    assert await Group.objects.aget() == sync_group


@pytest.mark.django_db(transaction=True)
async def test_transaction_true_commits_for_every_thread_to_see(sync_group: Group) -> None:
    in_transaction = await sync_to_async(lambda: connection.in_atomic_block)()

    assert not in_transaction
    assert await Group.objects.aget() == sync_group
