"""An ``IntegrityError`` that breaks the test's transaction.

The database refuses everything after an error until the transaction ends, and in a test that rolls
back it ends with the test. So code that catches ``IntegrityError`` outside an ``atomic`` block of
its own works in production, where each statement commits, and fails here.

Message: You can't execute queries until the end of the 'atomic' block.
Cure: catch it around `with transaction.atomic()`, in one `sync_to_async` function
Seen on: Django 5.2.19 and 6.1.3, SQLite and PostgreSQL 15
Upstream: https://docs.djangoproject.com/en/stable/topics/db/transactions/#django.db.transaction.atomic
"""

import pytest
from django.db import IntegrityError
from django.db.transaction import TransactionManagementError

from users.models import User
from users.services import EmailTakenError, UserService

pytestmark = pytest.mark.django_db


async def test_no_query_runs_after_an_integrity_error(user: User) -> None:
    with pytest.raises(IntegrityError):
        await User.objects.acreate(email=user.email)

    with pytest.raises(TransactionManagementError, match="You can't execute queries until the end"):
        await User.objects.acount()


async def test_an_atomic_block_of_its_own_takes_the_error_back(user: User) -> None:
    with pytest.raises(EmailTakenError):
        await UserService().create_user("Alice", user.email)

    assert await User.objects.acount() == 1
