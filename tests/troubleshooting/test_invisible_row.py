"""A row of a sync fixture that the async test cannot see.

The fixture writes within the test's transaction, on the main thread's connection; the async ORM
reads on another, which sees only what is committed. ``aget`` finds nothing, a request answers 404.
Any other thread, of ``asyncio.to_thread`` or a pool, misses the row in the same way.

Message: users.models.User.DoesNotExist: User matching query does not exist.
Message: 404 Not Found for a row that a fixture has just made
Told by: a sync fixture made the row, and the test reads it in a coroutine
Cure: copy `tests/plugins/async_rollback.py`; or write the row in an async fixture
Seen on: pytest-django 4.14.0, Django 5.2.19 and 6.1.3, SQLite in a file and PostgreSQL 15
Upstream: https://github.com/pytest-dev/pytest-django/issues/580
"""

from typing import Any

import pytest

from tests.factories import UserFactory
from tests.troubleshooting.conftest import RunSuite
from users.models import User

SUITE = """
    import asyncio

    import pytest
    from django.contrib.auth.models import User

    @pytest.fixture
    def alice(db):
        return User.objects.create(username="alice")

    async def test_alice(alice):
        await User.objects.aget(pk=alice.pk)

    async def test_alice_in_a_thread(alice):
        await asyncio.to_thread(User.objects.get, pk=alice.pk)
"""


def test_the_async_test_does_not_see_the_row(
    run_django_suite: RunSuite, database: dict[str, Any]
) -> None:
    result = run_django_suite(SUITE, database, "--reuse-db")

    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["E *User.DoesNotExist: User matching query does not exist."])


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory.create(username="alice")


async def test_with_a_shared_connection_it_sees_the_row(alice: User) -> None:
    assert await User.objects.aget(pk=alice.pk) == alice
