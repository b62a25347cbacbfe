"""Test that a row lock keeps two people from taking the last seat.

Use ``transaction=True`` on PostgreSQL, a thread and so a transaction for each request, and a
meeting point between the check and the write, which waits a little for the other to come. With the
lock it waits in vain; without it both meet there, and both get the seat. The trap is to start many
requests and hope that two of them collide: without the lock such a test is green most of the time.
Code: talks/services.py, talks/views.py
"""

import asyncio
import threading
from contextlib import suppress
from typing import Any

import pytest
from asgiref.sync import ThreadSensitiveContext
from django.test import AsyncClient
from pytest_mock import MockerFixture

from talks.models import Seat, Talk
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _last_look_before_the_write(mocker: MockerFixture) -> None:
    """Before a seat is written, wait a little for another request to have got here too."""
    create = Seat.objects.create
    meeting_point = threading.Barrier(2, timeout=0.5)

    def meet_and_create(**fields: Any) -> Seat:
        with suppress(threading.BrokenBarrierError):
            meeting_point.wait()
        return create(**fields)

    mocker.patch("talks.services.Seat.objects.create", meet_and_create)


async def somebody() -> AsyncClient:
    client = AsyncClient()
    await client.aforce_login(await acreate_user())
    return client


async def take(client: AsyncClient, talk: Talk) -> int:
    """Take a seat, in a thread of this request's own, as on a server."""
    async with ThreadSensitiveContext():
        return (await client.post(f"/api/talks/{talk.pk}/seats/")).status_code


@pytest.mark.postgresql
@pytest.mark.usefixtures("_last_look_before_the_write")
async def test_of_two_who_take_the_last_seat_one_gets_it() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=1)
    first, second = await somebody(), await somebody()

    statuses = await asyncio.gather(take(first, talk), take(second, talk))

    assert sorted(statuses) == [201, 409]
    assert await talk.taken.acount() == 1


@pytest.mark.postgresql
@pytest.mark.usefixtures("_last_look_before_the_write")
async def test_one_person_who_clicks_twice_gets_one_seat() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=2)
    person = await somebody()

    statuses = await asyncio.gather(take(person, talk), take(person, talk))

    assert set(statuses) == {201}
    assert await talk.taken.acount() == 1


async def test_of_two_who_come_one_after_the_other_the_first_gets_it() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=1)
    first, second = await somebody(), await somebody()

    assert await take(first, talk) == 201
    assert await take(second, talk) == 409


@pytest.mark.postgresql
async def test_of_ten_who_want_three_seats_three_get_one() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=3)
    clients = [await somebody() for _ in range(10)]

    statuses = await asyncio.gather(*(take(client, talk) for client in clients))

    assert sorted(statuses) == [201] * 3 + [409] * 7
