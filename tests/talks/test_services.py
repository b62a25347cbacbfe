"""Test writes that several people want to do at once: the rules first, the race elsewhere.

Plain ``django_db`` does for what one caller sees, and for optimistic locking: a write on a
condition is one statement, and ``gather`` is enough to let two of them meet. A row lock shows
nothing here (see the races). The trap in the optimistic half is to read the version and write in
two steps: what comes between is overwritten.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from unittest.mock import AsyncMock

import pytest
from pytest_mock import MockerFixture

from talks.models import Talk
from talks.services import ChangedMeanwhileError, NoSeatLeftError, rename, take_seat
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


async def test_a_seat_is_taken_wholly_or_not_at_all(mocker: MockerFixture) -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=3)
    person = await acreate_user()
    mocker.patch("talks.services.transaction.on_commit", side_effect=ZeroDivisionError)

    with pytest.raises(ZeroDivisionError):
        await take_seat(talk.pk, person.pk)

    assert not await talk.taken.aexists()


@pytest.fixture
def announce(mocker: MockerFixture) -> AsyncMock:
    """What tells the listeners, replaced; without ``autospec``, which is not async to 3.12."""
    return mocker.patch("talks.services.announce")


async def test_a_seat_is_taken_and_the_others_are_left() -> None:
    await Talk.objects.acreate(title="Threads", seats=7)
    talk = await Talk.objects.acreate(title="Loops", seats=3)
    person = await acreate_user()

    assert await take_seat(talk.pk, person.pk) == 2

    assert [seat.person_id async for seat in talk.taken.all()] == [person.pk]


async def test_the_same_person_takes_one_seat_however_often() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=1)
    person = await acreate_user()

    assert await take_seat(talk.pk, person.pk) == 0
    assert await take_seat(talk.pk, person.pk) == 0

    assert await talk.taken.acount() == 1


async def test_when_all_seats_are_taken_nobody_gets_another() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=1)
    await take_seat(talk.pk, (await acreate_user()).pk)

    with pytest.raises(NoSeatLeftError):
        await take_seat(talk.pk, (await acreate_user()).pk)

    assert await talk.taken.acount() == 1


async def test_there_is_no_seat_at_an_unknown_talk() -> None:
    with pytest.raises(Talk.DoesNotExist):
        await take_seat(0, (await acreate_user()).pk)


async def test_listeners_are_told_once_it_is_committed(
    announce: AsyncMock, acapture_on_commit_callbacks: Callable[..., Any]
) -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=3)

    async with acapture_on_commit_callbacks(execute=True):
        await take_seat(talk.pk, (await acreate_user()).pk)
        announce.assert_not_called()

    announce.assert_awaited_once_with(talk.pk, 2)


async def test_if_nobody_can_be_told_the_seat_is_taken_all_the_same(
    announce: AsyncMock,
    acapture_on_commit_callbacks: Callable[..., Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    announce.side_effect = ConnectionError("the layer is away")
    talk = await Talk.objects.acreate(title="Loops", seats=3)

    with caplog.at_level(logging.ERROR):
        async with acapture_on_commit_callbacks(execute=True):
            await take_seat(talk.pk, (await acreate_user()).pk)

    assert await talk.taken.acount() == 1
    assert "the layer is away" in caplog.text


async def test_a_new_title_is_a_new_version() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=1)

    await rename(talk.pk, "Event loops", version=1)

    await talk.arefresh_from_db()
    assert (talk.title, talk.version) == ("Event loops", 2)


async def test_of_two_who_change_what_they_have_both_read_one_is_told() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=1)

    outcomes = await asyncio.gather(
        rename(talk.pk, "Event loops", version=1),
        rename(talk.pk, "For loops", version=1),
        return_exceptions=True,
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), ChangedMeanwhileError]
    assert await Talk.objects.filter(title="Event loops", version=2).aexists()


async def test_another_talk_keeps_its_title() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=1)
    other = await Talk.objects.acreate(title="Threads", seats=1)

    await rename(talk.pk, "Event loops", version=1)

    assert await Talk.objects.filter(pk=other.pk, title="Threads", version=1).aexists()
