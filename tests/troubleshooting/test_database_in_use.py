"""A test database that cannot be dropped.

At the end of the run the connection of the async ORM's thread is still open, and PostgreSQL will
not drop a database that somebody is connected to. The run takes five seconds longer, ends with a
warning, and the next one asks what to do with the database that is left. SQLite does not mind.

Message: database "test_…" is being accessed by other users
Message: psycopg.errors.ObjectInUse: database "test_…" is being accessed by other users. There is 1
    other session using the database.
Message: PytestWarning: Error when trying to teardown test databases
Message: Got an error creating the test database: database "test_…" already exists
Cure: copy `tests/plugins/async_rollback.py`; or close the connections in the ORM's thread
Seen on: pytest-django 4.14.0, Django 5.2.19 and 6.1.3, PostgreSQL 15
Upstream: https://github.com/pytest-dev/pytest-asyncio/issues/82
"""

from typing import Any

from django.db import connection

from tests.troubleshooting.conftest import RunSuite

LEAVE_IT_OPEN = """
    import pytest
    from django.contrib.auth.models import User

    @pytest.mark.django_db(transaction=True)
    async def test_alice():
        await User.objects.acreate(username="alice")
"""

CLOSE_IT = """
    from asgiref.sync import sync_to_async
    from django.db import connections

    @pytest.fixture(autouse=True)
    async def close_connections():
        yield
        await sync_to_async(connections.close_all)()
"""


def test_the_run_ends_with_a_warning_on_postgresql(
    run_django_suite: RunSuite, database: dict[str, Any]
) -> None:
    result = run_django_suite(LEAVE_IT_OPEN, database)

    result.assert_outcomes(passed=1, warnings=int(connection.vendor == "postgresql"))
    warned = "is being accessed by other users" in result.stdout.str()
    assert warned is (connection.vendor == "postgresql")


def test_a_run_that_closes_the_connection_ends_clean(
    run_django_suite: RunSuite, database: dict[str, Any]
) -> None:
    result = run_django_suite(LEAVE_IT_OPEN + CLOSE_IT, database)

    result.assert_outcomes(passed=1, warnings=0)
