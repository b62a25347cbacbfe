"""Factories for groups, and for who is in them."""

from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from tests.factories import UserFactory
from users.models import User


class GroupFactory(DjangoModelFactory[Group]):
    """A group of users."""

    class Meta:
        model = Group

    name = factory.Sequence(lambda n: f"group {n}")


class MembershipFactory(DjangoModelFactory[Any]):
    """Somebody in a group; makes both, unless they are given."""

    class Meta:
        model = User.groups.through

    user = factory.SubFactory(UserFactory)
    group = factory.SubFactory(GroupFactory)

    @classmethod
    def _adjust_kwargs(cls, **fields: Any) -> dict[str, Any]:
        # Django names this foreign key for the user model.
        fields[str(User._meta.model_name)] = fields.pop("user")
        return fields
