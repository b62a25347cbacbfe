"""Test a custom user model's manager.

Use the sync API in a sync test and ``sync_to_async`` in a coroutine: a manager method of your own,
such as ``create_user``, gets no ``a`` twin for free. Hashing a password takes a tenth of a second
on purpose, which is reason enough to keep it off the event loop.
"""

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command
from pytest_mock import MockerFixture

from users.models import User

pytestmark = pytest.mark.django_db


def test_somebody_created_with_a_password_can_log_in_with_it() -> None:
    user = User.objects.create_user("ada@example.com", "a long password", name="Ada")

    assert user.check_password("a long password")


def test_somebody_created_without_a_password_cannot_log_in() -> None:
    user = User.objects.create_user("ada@example.com")

    assert not user.has_usable_password()


def test_the_domain_of_the_address_is_normalized() -> None:
    user = User.objects.create_user("Ada@EXAMPLE.com")

    assert user.email == "Ada@example.com"


def test_somebody_is_created_in_the_database_that_the_manager_is_for(mocker: MockerFixture) -> None:
    save = mocker.patch.object(User, "save")

    User.objects.db_manager("replica").create_user("ada@example.com")

    save.assert_called_once_with(using="replica")


def test_a_superuser_logs_in_with_a_password_and_may_do_everything() -> None:
    user = User.objects.create_superuser("ada@example.com", "a long password", name="Ada")

    assert user.name == "Ada"
    assert user.check_password("a long password")
    assert user.is_staff
    assert user.has_perm("users.delete_user")


async def test_a_manager_method_without_a_twin_is_awaited_through_sync_to_async() -> None:
    user = await sync_to_async(User.objects.create_user)("ada@example.com", name="Ada")

    assert await User.objects.filter(pk=user.pk, name="Ada").aexists()


async def test_a_user_needs_a_name_or_a_username_and_an_address() -> None:
    named = await User.objects.acreate(name="Ada", email="ada@example.com")
    nicknamed = await User.objects.acreate(username="grace", email="grace@example.com")

    assert [user async for user in User.objects.filter(is_active=True)] == [named, nicknamed]


def test_a_form_needs_no_username() -> None:
    user = User(name="Ada", email="ada@example.com", password="!")

    user.full_clean()

    assert user.username is None


def test_the_migrations_make_the_tables_that_the_models_describe() -> None:
    call_command("makemigrations", "users", check_changes=True, dry_run=True)


@pytest.mark.parametrize(
    ("name", "shown"), [("Ada", "Ada"), ("", "ada@example.com")], ids=["name", "no name"]
)
def test_a_user_is_shown_by_name_or_else_by_address(name: str, shown: str) -> None:
    assert str(User(name=name, email="ada@example.com")) == shown
