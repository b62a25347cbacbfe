"""Moving a suite from ``transaction=True`` to rollback.

Use ``pytest --rollback-all`` on a suite whose async tests commit: most pass as they are, their
commit hooks run, and each that cannot share a transaction says why. The trap is an error that a
test expects: it used to break a transaction of its own, and now breaks the only one there is.
docs/moving-a-suite.md tells the whole story.

Code: tests/plugins/async_db.py
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.plugins.inner_suite import ON_POSTGRESQL

if TYPE_CHECKING:
    from tests.plugins.inner_suite import InnerSuite

DATABASE = "postgresql" if ON_POSTGRESQL else "file"

SUITE = """
from contextlib import suppress

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

pytestmark = pytest.mark.django_db(transaction=True)

@sync_to_async
def create_and_announce(announced):
    with transaction.atomic():
        group = Group.objects.create(name="Chemists")
        transaction.on_commit(lambda: announced.append(group.name))

@sync_to_async
def query_through_another_connection():
    other = connection.copy()
    other.cursor().close()
    other.close()

async def test_rows():
    await Group.objects.acreate(name="Chemists")
    assert await Group.objects.acount() == 1

async def test_hook():
    announced = []
    await create_and_announce(announced)
    assert announced == ["Chemists"]

@pytest.mark.django_db(reset_sequences=True)
async def test_first_id():
    assert (await Group.objects.acreate(name="Chemists")).pk == 1

async def test_two_connections():
    await query_through_another_connection()

@pytest.mark.real_transaction
async def test_two_connections_marked():
    await query_through_another_connection()

async def test_broken():
    await Group.objects.acreate(name="Chemists")
    with suppress(IntegrityError):
        await Group.objects.acreate(name="Chemists")
    assert await Group.objects.acount() == 1

async def test_broken_in_a_block():
    await Group.objects.acreate(name="Chemists")
    with suppress(IntegrityError):
        await sync_to_async(transaction.atomic(Group.objects.create))(name="Chemists")
    assert await Group.objects.acount() == 1
"""


def test_before_the_move_every_test_commits(inner_suite: InnerSuite) -> None:
    result = inner_suite(SUITE, database=DATABASE)

    result.assert_outcomes(passed=7)


def test_after_it_those_fail_that_cannot_share_a_transaction_and_say_why(
    inner_suite: InnerSuite,
) -> None:
    result = inner_suite(SUITE, "--rollback-all", database=DATABASE)

    result.assert_outcomes(passed=5, failed=2)
    result.stdout.fnmatch_lines_random(
        [
            "E *EscapedConnectionError: Thread * opened a connection of its own *",
            "E *You can't execute queries until the end of the 'atomic' block.",
        ]
    )
