"""Fixtures for people: some in the database, and one who is logged in.

``async_client`` itself is pytest-django's. Nothing is cleaned up here: the test's transaction
takes it back.

Needs: factory-boy, pytest-asyncio, pytest-django, tests/factories.py
"""

from collections.abc import Iterator

import pytest
from django.test import AsyncClient, override_settings

from tests.factories import acreate_user
from users.models import User


@pytest.fixture(scope="session", autouse=True)
def _fast_passwords() -> Iterator[None]:
    # The real hasher is slow on purpose: a tenth of a second for every password set or checked.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
async def user(db: None) -> User:
    """Somebody."""
    return await acreate_user(username="testuser", email="test@example.com")


@pytest.fixture
async def sample_users(db: None) -> list[User]:
    """Three people, in the order of their ids."""
    return [await acreate_user(email=f"user{number}@example.com") for number in range(3)]


@pytest.fixture
async def authenticated_async_client(async_client: AsyncClient, user: User) -> AsyncClient:
    """An ``AsyncClient`` in which ``user`` is logged in."""
    await async_client.aforce_login(user)
    return async_client
