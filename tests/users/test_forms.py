"""Test a form that asks the database, from a coroutine.

Use ``sync_to_async(form.is_valid)``; ``errors`` may be read afterwards, for by then all is checked.
The trap is a form whose validation asks the database only for some input: it passes in the loop
until somebody sends that input.
"""

import pytest
from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation

from tests.factories import acreate_user
from users.forms import InvitationForm

pytestmark = pytest.mark.django_db


async def test_a_new_address_may_be_invited() -> None:
    await acreate_user(email="ada@example.com")
    form = InvitationForm({"address": "grace@example.com"})

    assert await sync_to_async(form.is_valid)()

    assert form.cleaned_data == {"address": "grace@example.com"}


@pytest.mark.parametrize(
    ("address", "errors"),
    [
        ("grace", ["Enter a valid email address."]),
        ("", ["This field is required."]),
        ("ADA@example.com", ["This person is here already."]),
    ],
    ids=["malformed", "missing", "taken, in other letters"],
)
async def test_an_address_that_cannot_be_invited_is_refused(
    address: str, errors: list[str]
) -> None:
    await acreate_user(email="ada@example.com")
    form = InvitationForm({"address": address})

    assert not await sync_to_async(form.is_valid)()

    assert form.errors == {"address": errors}


async def test_in_the_loop_the_form_works_until_it_asks_the_database() -> None:
    assert not InvitationForm({"address": "grace"}).is_valid()

    with pytest.raises(SynchronousOnlyOperation):
        InvitationForm({"address": "grace@example.com"}).is_valid()
