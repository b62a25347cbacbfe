"""Factories for test data, and their async twins.

factory_boy is sync: calling a factory that saves inside a coroutine raises
``SynchronousOnlyOperation``. The ``acreate_…`` helpers run it in the thread the async ORM uses.
"""

from typing import Any

import factory
from asgiref.sync import sync_to_async
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from factory.django import DjangoModelFactory

from users.models import User

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory[User]):
    """Somebody."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        """The traits: ``UserFactory(staff=True)`` and so on, in any combination."""

        staff = factory.Trait(is_staff=True, name=factory.Sequence(lambda n: f"Staff {n}"))
        inactive = factory.Trait(is_active=False)
        # Hashing is slow on purpose, so only for a test that really logs in with it.
        with_password = factory.Trait(password=factory.django.Password(PASSWORD))

    name = factory.Faker("name")
    # A sequence, not Faker: random addresses repeat sooner or later, and the column is unique.
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    password = UNUSABLE_PASSWORD_PREFIX

    @classmethod
    def _adjust_kwargs(cls, **fields: Any) -> dict[str, Any]:
        # For any user model: what people log in by, and no default that it has no field for.
        fields.setdefault(User.USERNAME_FIELD, fields["email"])
        missing = {"name", "email"} - {field.name for field in User._meta.get_fields()}
        return {name: value for name, value in fields.items() if name not in missing}


async def acreate_user(**fields: Any) -> User:
    """Create one user from a coroutine; takes what ``UserFactory`` takes."""
    return await sync_to_async(UserFactory.create)(**fields)


async def acreate_users(size: int, **fields: Any) -> list[User]:
    """Create several users from a coroutine, in one thread hop."""
    return await sync_to_async(UserFactory.create_batch)(size, **fields)
