"""A table that is locked in a test.

SQLite in memory shares one cache between connections, and locks whole tables in it. A sync fixture
writes on the main thread's connection and does not commit; the async ORM, on another, may then not
even read. PostgreSQL and a file merely do not show the row.

Message: django.db.utils.OperationalError: database table is locked: users_user
Cure: a plugin that shares the connection with the ORM's thread; or write in an async fixture
Seen on: pytest-django 4.14.0, Django 5.2.19 and 6.1.3, SQLite in memory
Upstream: https://github.com/pytest-dev/pytest-django/issues/580
"""

from typing import Any

import pytest

from tests.factories import UserFactory
from tests.troubleshooting.conftest import RunSuite
from users.models import User

SUITE = """
    import pytest
    from users.models import User

    @pytest.fixture
    def alice(db):
        return User.objects.create(email="alice@example.com")

    async def test_alice(alice):
        await User.objects.aget(pk=alice.pk)
"""


def test_the_async_test_is_locked_out(
    run_django_suite: RunSuite, memory_database: dict[str, Any]
) -> None:
    result = run_django_suite(SUITE, memory_database)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *OperationalError: database table is locked: users_user"])


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory.create(name="Alice")


async def test_with_a_shared_connection_it_reads_and_writes(alice: User) -> None:
    await User.objects.filter(pk=alice.pk).aupdate(name="Alice Liddell")

    await alice.arefresh_from_db()
    assert alice.name == "Alice Liddell"
