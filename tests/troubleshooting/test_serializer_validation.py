"""Validating a serializer in a coroutine.

``is_valid()`` looks unique fields up in the database, and has no async twin: not in DRF, and not
in adrf, whose serializers have an ``adata`` and an ``asave``.

Message: AttributeError: 'UserSerializer' object has no attribute 'ais_valid'
Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line is `serializer.is_valid()`
Cure: `await sync_to_async(serializer.is_valid)(raise_exception=True)`
Seen on: adrf 0.1.14, djangorestframework 3.18.3
Upstream: https://github.com/em1208/adrf/issues/56
"""

from typing import Any

import pytest
from adrf.serializers import ModelSerializer
from asgiref.sync import sync_to_async
from django.core.exceptions import SynchronousOnlyOperation

from users.models import User

pytestmark = pytest.mark.django_db


class UserSerializer(ModelSerializer):
    class Meta:
        model = User
        fields = ["username"]


@pytest.fixture
def serializer() -> Any:
    return UserSerializer(data={"username": "alice"})


async def test_is_valid_queries(serializer: Any) -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        serializer.is_valid()


async def test_there_is_no_ais_valid(serializer: Any) -> None:
    with pytest.raises(
        AttributeError, match="'UserSerializer' object has no attribute 'ais_valid'"
    ):
        await serializer.ais_valid()


async def test_is_valid_works_in_a_thread(serializer: Any) -> None:
    assert await sync_to_async(serializer.is_valid)()
