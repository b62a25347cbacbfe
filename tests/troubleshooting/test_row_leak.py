"""Rows of an async test that are still there in the next one.

pytest-django opens the test's transaction on the main thread's connection. The async ORM runs in
another thread, on a connection of its own, and commits. Whichever test comes next and counts rows,
or creates the same one, fails, in another order another one.

Message: django.db.utils.IntegrityError: UNIQUE constraint failed: auth_user.username
Message: psycopg.errors.UniqueViolation: duplicate key value violates unique constraint
    "auth_user_username_key"
Message: assert 3 == 1, where 3 counts rows of other tests
Message: none; data of one async test persists into the next, which passes alone
Cure: copy `tests/plugins/async_rollback.py`; or, at many times the cost, `transaction=True`
Seen on: pytest-django 4.14.0, Django 5.2.19 and 6.1.3, SQLite and PostgreSQL 15
Upstream: https://github.com/pytest-dev/pytest-django/issues/580
"""

from typing import Any

import pytest

from tests.troubleshooting.conftest import RunSuite
from users.models import User

SUITE = """
    import pytest
    from django.contrib.auth.models import User

    pytestmark = pytest.mark.django_db

    async def test_first():
        await User.objects.acreate(username="alice")

    async def test_second():
        await User.objects.acreate(username="alice")
"""


def test_the_second_test_finds_the_row_of_the_first(
    run_django_suite: RunSuite, database: dict[str, Any]
) -> None:
    result = run_django_suite(SUITE, database, "--reuse-db")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.re_match_lines(
        [r"E .*IntegrityError: (UNIQUE constraint failed: auth_user\.username|duplicate key value)"]
    )


@pytest.mark.django_db
@pytest.mark.parametrize("test", ["first", "second"])
async def test_with_a_shared_connection_each_test_starts_empty(test: str) -> None:
    await User.objects.acreate(username="alice")

    assert await User.objects.acount() == 1
