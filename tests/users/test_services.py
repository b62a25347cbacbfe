"""Test a service, once with the ORM mocked and once with the database.

Use a mocked ``User.objects.aget`` where the service's own logic is the subject and no database
should be needed. The trap is ``autospec=True``: a manager's ``aget`` is a plain function that
returns a coroutine, so the mock it makes is a sync one and cannot be awaited. Give an ``AsyncMock``
with ``spec=`` instead.
"""

from unittest.mock import AsyncMock

import pytest
from django.db import IntegrityError, OperationalError
from pytest_mock import MockerFixture

from tests.factories import acreate_user
from users.models import User
from users.services import EmailTakenError, UserService
from users.signals import user_created


async def test_get_user_asks_the_orm_for_that_id(mocker: MockerFixture) -> None:
    ada = User(id=1, name="Ada")
    aget = mocker.patch.object(
        User.objects, "aget", AsyncMock(spec=User.objects.aget, return_value=ada)
    )

    user = await UserService().get_user(1)

    assert user is ada
    aget.assert_awaited_once_with(pk=1)


async def test_get_user_passes_on_that_nobody_has_the_id(mocker: MockerFixture) -> None:
    mocker.patch.object(
        User.objects, "aget", AsyncMock(spec=User.objects.aget, side_effect=User.DoesNotExist)
    )

    with pytest.raises(User.DoesNotExist):
        await UserService().get_user(1)


@pytest.mark.django_db
async def test_get_user_finds_a_stored_user() -> None:
    ada = await acreate_user()

    assert await UserService().get_user(ada.pk) == ada


@pytest.mark.django_db
async def test_create_user_stores_somebody_who_cannot_log_in_yet() -> None:
    user = await UserService().create_user("Ada", "ada@example.com")

    stored = await User.objects.aget(email="ada@example.com")
    assert (stored, stored.name, stored.has_usable_password()) == (user, "Ada", False)


@pytest.mark.django_db
async def test_create_user_refuses_an_address_that_is_taken() -> None:
    await acreate_user(email="ada@example.com")

    with pytest.raises(EmailTakenError):
        await UserService().create_user("Another Ada", "ada@example.com")


@pytest.mark.django_db
async def test_a_refused_user_leaves_the_transaction_usable() -> None:
    ada = await acreate_user(email="ada@example.com")

    with pytest.raises(EmailTakenError):
        await UserService().create_user("Another Ada", "ada@example.com")

    assert await User.objects.aget() == ada


@pytest.mark.django_db
async def test_create_user_tells_those_who_listen(mocker: MockerFixture) -> None:
    mocker.patch.object(user_created, "receivers", [])
    receiver = mocker.AsyncMock()
    user_created.connect(receiver)

    user = await UserService().create_user("Ada", "ada@example.com")

    receiver.assert_awaited_once_with(signal=user_created, sender=User, user=user)


@pytest.mark.django_db
async def test_create_user_tells_nobody_of_a_refused_user(mocker: MockerFixture) -> None:
    mocker.patch.object(user_created, "receivers", [])
    receiver = mocker.AsyncMock()
    user_created.connect(receiver)
    await acreate_user(email="ada@example.com")

    with pytest.raises(EmailTakenError):
        await UserService().create_user("Another Ada", "ada@example.com")

    receiver.assert_not_called()


@pytest.mark.django_db
async def test_the_log_of_a_refusal_shows_what_the_database_said() -> None:
    await acreate_user(email="ada@example.com")

    with pytest.raises(EmailTakenError) as raised:
        await UserService().create_user("Another Ada", "ada@example.com")

    assert isinstance(raised.value.__cause__, IntegrityError)


@pytest.mark.django_db
async def test_an_outage_is_no_taken_address(mocker: MockerFixture) -> None:
    mocker.patch.object(User.objects, "create_user", side_effect=OperationalError)

    with pytest.raises(OperationalError):
        await UserService().create_user("Ada", "ada@example.com")
