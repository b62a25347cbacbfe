"""A table that is locked in a test.

SQLite in memory shares one cache between connections, and locks whole tables in it. A sync fixture
writes on the main thread's connection and does not commit; the async ORM, on another, may then not
even read. PostgreSQL and a file merely do not show the row.

Message: django.db.utils.OperationalError: database table is locked: auth_user
Message: sqlite3.OperationalError: database is locked
Told by: a sync fixture of the same test wrote the row, or has the transaction open
Cure: copy `tests/plugins/async_rollback.py`; or write the row in an async fixture
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
    from django.contrib.auth.models import User

    @pytest.fixture
    def alice(db):
        return User.objects.create(username="alice")

    async def test_alice(alice):
        await User.objects.aget(pk=alice.pk)
"""


def test_the_async_test_is_locked_out(
    run_django_suite: RunSuite, memory_database: dict[str, Any]
) -> None:
    result = run_django_suite(SUITE, memory_database)

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *OperationalError: database table is locked: auth_user"])


@pytest.fixture
def alice(db: None) -> User:
    return UserFactory.create(username="alice")


async def test_with_a_shared_connection_it_reads_and_writes(alice: User) -> None:
    await User.objects.filter(pk=alice.pk).aupdate(username="liddell")

    await alice.arefresh_from_db()
    assert alice.username == "liddell"
