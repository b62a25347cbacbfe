"""Make test data with factory_boy in async tests.

Use ``acreate_user`` in a coroutine and the factory itself in sync tests and sync fixtures; both
write in the same transaction. The trap is calling the factory in a coroutine: it saves in the event
loop, and Django refuses with ``SynchronousOnlyOperation``. ``build`` saves nothing and is fine.
"""

import pytest
from django.core.exceptions import SynchronousOnlyOperation

from tests.factories import PASSWORD, UserFactory, acreate_user, acreate_users
from users.models import User

pytestmark = pytest.mark.django_db


async def test_acreate_user_stores_a_user_with_the_given_fields() -> None:
    user = await acreate_user(username="FactoryUser")

    assert await User.objects.aget(username="FactoryUser") == user


async def test_acreate_users_stores_a_batch() -> None:
    users = await acreate_users(3, inactive=True)

    assert [user async for user in User.objects.filter(is_active=False)] == users


def test_a_sync_test_calls_the_factory() -> None:
    user = UserFactory.create()

    assert User.objects.get() == user


async def test_a_factory_that_saves_may_not_be_called_in_a_coroutine() -> None:
    with pytest.raises(SynchronousOnlyOperation):
        UserFactory.create()


async def test_build_saves_nothing_and_may() -> None:
    user = UserFactory.build()

    assert not user.pk
    assert not await User.objects.aexists()


async def test_traits_combine() -> None:
    user = await acreate_user(staff=True, inactive=True)

    assert (user.is_staff, user.is_active) == (True, False)


async def test_a_user_with_a_password_can_log_in() -> None:
    user = await acreate_user(with_password=True)

    assert await user.acheck_password(PASSWORD)
