"""An ``IntegrityError`` that breaks the test's transaction.

The database refuses everything after an error until the transaction ends, and in a test that rolls
back it ends with the test. So code that catches ``IntegrityError`` outside an ``atomic`` block of
its own works in production, where each statement commits, and fails here.

Message: You can't execute queries until the end of the 'atomic' block.
Message: django.db.utils.InternalError: current transaction is aborted, commands ignored until end
    of transaction block
Cure: catch it around `with transaction.atomic()`, in one `sync_to_async` function
Seen on: Django 5.2.19 and 6.1.3, SQLite and PostgreSQL 15
Upstream: https://docs.djangoproject.com/en/stable/topics/db/transactions/#django.db.transaction.atomic
"""

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.db.transaction import TransactionManagementError


@pytest.fixture
async def editors(db: None) -> Group:
    """A group whose name is taken by now."""
    return await Group.objects.acreate(name="Editors")


async def test_no_query_runs_after_an_integrity_error(editors: Group) -> None:
    with pytest.raises(IntegrityError):
        await Group.objects.acreate(name=editors.name)

    with pytest.raises(TransactionManagementError, match="You can't execute queries until the end"):
        await Group.objects.acount()


@sync_to_async
def create(name: str) -> Group | None:
    """Create a group, unless there is one of that name."""
    try:
        with transaction.atomic():
            return Group.objects.create(name=name)
    except IntegrityError:
        return None


async def test_an_atomic_block_of_its_own_takes_the_error_back(editors: Group) -> None:
    assert await create(editors.name) is None

    assert await Group.objects.acount() == 1
