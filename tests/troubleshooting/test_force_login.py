"""``force_login`` in a coroutine.

``AsyncClient`` inherits the sync ``login``, ``logout``, ``force_login`` and ``session``, which go
to the database for the session. In a coroutine each of them raises; each has an async twin.

Message: SynchronousOnlyOperation: You cannot call this from an async context - use a thread or
    sync_to_async.
Told by: the line is `client.force_login(…)`, `login()`, `logout()`, or `client.session`
Cure: `await client.aforce_login(user)`, `alogin()`, `alogout()`, `asession()`
Seen on: Django 5.2.19 and 6.1.3
Upstream: https://docs.djangoproject.com/en/stable/topics/testing/tools/#making-requests
"""

import pytest
from django.core.exceptions import SynchronousOnlyOperation
from django.test import AsyncClient

from users.models import User

pytestmark = pytest.mark.django_db


async def test_force_login_raises_in_a_coroutine(async_client: AsyncClient, user: User) -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        async_client.force_login(user)


async def test_the_session_of_somebody_logged_in_cannot_be_read(
    authenticated_async_client: AsyncClient,
) -> None:
    with pytest.raises(SynchronousOnlyOperation, match="You cannot call this from an async"):
        _ = authenticated_async_client.session["_auth_user_id"]


async def test_aforce_login_logs_in(async_client: AsyncClient, user: User) -> None:
    await async_client.aforce_login(user)

    session = await async_client.asession()
    assert await session.aget("_auth_user_id") == str(user.pk)
