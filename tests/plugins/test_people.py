"""Share people between tests: async fixtures that write to the database.

Use an async fixture with ``db`` among its arguments; a sync test can ask for it, too. The trap is
cleaning up by hand: it is left out when the test fails, and the rollback does it anyway.
"""

import pytest
from django.contrib.auth.hashers import make_password
from django.test import AsyncClient

from users.models import User

pytestmark = pytest.mark.django_db


async def test_sample_users_are_three_stored_people(sample_users: list[User]) -> None:
    assert [user async for user in User.objects.all()] == sample_users
    assert [user.email for user in sample_users] == [
        "user0@example.com",
        "user1@example.com",
        "user2@example.com",
    ]


def test_a_sync_test_sees_what_an_async_fixture_stored(user: User) -> None:
    assert User.objects.get() == user


async def test_the_authenticated_client_is_logged_in_as_user(
    authenticated_async_client: AsyncClient, user: User
) -> None:
    session = await authenticated_async_client.asession()

    assert await session.aget("_auth_user_id") == str(user.pk)
    assert (user.username, user.email) == ("testuser", "test@example.com")


async def test_a_client_of_its_own_is_not(async_client: AsyncClient) -> None:
    session = await async_client.asession()

    assert await session.aget("_auth_user_id") is None


@pytest.fixture(scope="module")
def hashed_for_all() -> str:
    """What a fixture for the whole module has hashed."""
    return make_password("a password")


def test_to_hash_a_password_takes_no_time_whoever_asks(hashed_for_all: str) -> None:
    assert make_password("a password").startswith("md5$")
    assert hashed_for_all.startswith("md5$")
