"""A ``django_db_setup`` that does nothing.

pytest-django's fixture of that name creates the test database. Overridden with ``pass``, as many
snippets show, no test database is made: the tests run on the *development* database, pass, and the
first ``transaction=True`` among them deletes every row in it.

Message: none; the development database is empty after the tests
Cure: do not override `django_db_setup`; to add to it, take it as an argument of your own fixture
Seen on: pytest-django 4.14.0, Django 5.2.19 and 6.1.3
Upstream: https://pytest-django.readthedocs.io/en/latest/database.html#django-db-setup
"""

import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from django.db import connection

from tests.troubleshooting.conftest import RunSuite

# What a developer has: tables, made by `migrate`, and a row made by hand.
DEVELOPMENT = """
    import pytest
    from django.core.management import call_command

    @pytest.fixture(scope="session", autouse=True)
    def development(django_db_blocker):
        from django.contrib.auth.models import User

        with django_db_blocker.unblock():
            call_command("migrate", verbosity=0)
            User.objects.create(username="made-by-hand")
"""

OVERRIDE = """
    @pytest.fixture(scope="session")
    def django_db_setup():
        pass
"""

SUITE = """
    import pytest
    from django.contrib.auth.models import User

    @pytest.mark.django_db(transaction=True)
    async def test_alice():
        await User.objects.acreate(username="alice")
"""


def rows_in_the_development_database(pytester: pytest.Pytester) -> int:
    with closing(sqlite3.connect(pytester.path / "db.sqlite3")) as database:
        (count,) = database.execute("SELECT count(*) FROM auth_user").fetchone()
    return int(count)


def test_an_overridden_setup_deletes_the_development_data(
    pytester: pytest.Pytester, run_django_suite: RunSuite, memory_database: dict[str, Any]
) -> None:
    pytester.makeconftest(DEVELOPMENT + OVERRIDE)

    result = run_django_suite(SUITE, memory_database)

    result.assert_outcomes(passed=1)
    assert rows_in_the_development_database(pytester) == 0


@pytest.mark.django_db
def test_left_alone_it_makes_a_database_for_the_tests() -> None:
    assert re.search("test|memory", str(connection.settings_dict["NAME"]))
