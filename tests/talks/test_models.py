"""Test a model's constraint where it is kept: in the database.

Use the ORM to break it, and expect ``IntegrityError``. Whatever checks first, a form or a service,
can be overtaken; this cannot. The trap is a transaction that is broken from then on: break the rule
in a block of its own, or as the last thing in a test.
"""

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from talks.models import Seat, Talk
from tests.factories import acreate_user

pytestmark = pytest.mark.django_db


async def test_nobody_has_two_seats_at_one_talk() -> None:
    talk = await Talk.objects.acreate(title="Loops", seats=3)
    person = await acreate_user()
    await Seat.objects.acreate(talk=talk, person=person)

    with pytest.raises(IntegrityError):
        await Seat.objects.acreate(talk=talk, person=person)


async def test_somebody_may_have_a_seat_at_each_of_two_talks() -> None:
    person = await acreate_user()

    await Seat.objects.acreate(talk=await Talk.objects.acreate(title="1", seats=1), person=person)
    await Seat.objects.acreate(talk=await Talk.objects.acreate(title="2", seats=1), person=person)

    assert await Seat.objects.filter(person=person).acount() == 2


def test_the_migrations_are_those_of_the_models() -> None:
    call_command("makemigrations", "talks", check=True, dry_run=True, verbosity=0)


async def test_a_talk_and_a_seat_say_what_they_are() -> None:
    person = await acreate_user()
    talk = Talk(title="Loops", seats=1)

    assert str(talk) == "Loops"
    assert str(Seat(talk=talk, person=person)) == f"{person} at Loops"
