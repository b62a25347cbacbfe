"""A test that was not given the database.

pytest-django blocks the database for every thread unless the test, or a fixture it uses, asks for
it. ``transaction=True`` is not what is missing. A mark on a *fixture* does nothing (and pytest 9
refuses it): a fixture asks by its argument ``db``.

Message: RuntimeError: Database access not allowed, use the "django_db" mark, or the "db" or
    "transactional_db" fixtures to enable it.
Message: RuntimeError: Database access is not allowed, use the "db" or "transactional_db" fixtures
    to enable it.
Message: Marks cannot be applied to fixtures.
Cure: `@pytest.mark.django_db` on the test, the argument `db` in a fixture
Seen on: pytest 9.2.0, pytest-django 4.14.0
Upstream: https://pytest-django.readthedocs.io/en/latest/database.html
"""

import pytest

from tests.factories import acreate_user
from users.models import User


async def test_a_query_without_the_mark_raises() -> None:
    with pytest.raises(RuntimeError, match='Database access not allowed, use the "django_db" mark'):
        await User.objects.acount()


def test_a_mark_on_a_fixture_is_refused() -> None:
    @pytest.fixture
    async def alice() -> None: ...

    with pytest.raises(pytest.fail.Exception, match="Marks cannot be applied to fixtures"):
        pytest.mark.django_db(alice)


@pytest.fixture
async def alice(db: None) -> User:
    return await acreate_user(username="alice")


async def test_a_fixture_asks_by_its_argument(alice: User) -> None:
    assert await User.objects.acount() == 1


@pytest.mark.django_db
async def test_a_query_with_the_mark_runs() -> None:
    assert await User.objects.acount() == 0
