"""A factory in a coroutine.

factory_boy is sync, and so is every query it makes. ``build()`` saves nothing and works
everywhere; a factory that saves must run in the ORM's thread.

Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line calls a factory; `factory/django.py` is below it
Cure: `await sync_to_async(UserFactory.create)(…)`, once, in a helper beside the factory
Seen on: factory_boy 3.3.3, Django 5.2.19 and 6.1.3
Upstream: https://github.com/FactoryBoy/factory_boy/issues/679
"""

import pytest
from django.core.exceptions import SynchronousOnlyOperation

from tests.factories import UserFactory, acreate_user
from users.models import User

pytestmark = pytest.mark.django_db


async def test_a_factory_that_saves_raises_in_a_coroutine() -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        UserFactory.create(username="alice")


async def test_the_async_helper_saves() -> None:
    await acreate_user(username="alice")

    assert await User.objects.filter(username="alice").aexists()


async def test_a_built_object_needs_no_database() -> None:
    assert UserFactory.build(username="alice").username == "alice"
