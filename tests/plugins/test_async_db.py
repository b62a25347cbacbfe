"""Counting queries and capturing commit hooks in coroutines.

Use the async twins of pytest-django's fixtures around awaited queries: entered plainly in a
coroutine, the originals raise or capture nothing. Use ``--rollback-all`` to see which tests of a
suite need their ``transaction=True`` at all.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import connections, transaction

from tests.plugins.async_db import in_orm_thread

if TYPE_CHECKING:
    from tests.plugins.async_db import AsyncTwin
    from tests.plugins.inner_suite import InnerSuite

pytestmark = pytest.mark.django_db


async def test_queries_are_counted(aassert_num_queries: AsyncTwin) -> None:
    async with aassert_num_queries(2) as captured:
        await Group.objects.acreate(name="one")
        await Group.objects.acount()

    assert "COUNT" in captured[1]["sql"]


@pytest.mark.django_db(transaction=True)
async def test_they_can_be_read_in_a_test_that_commits(aassert_num_queries: AsyncTwin) -> None:
    async with aassert_num_queries(1) as captured:
        await Group.objects.acount()

    assert "COUNT" in captured[0]["sql"]


async def test_they_are_counted_on_the_connection_that_is_given(
    aassert_num_queries: AsyncTwin,
) -> None:
    async with aassert_num_queries(1, connection=connections["default"]):
        await Group.objects.acount()


async def test_a_wrong_number_of_queries_fails_the_test(aassert_num_queries: AsyncTwin) -> None:
    with pytest.raises(pytest.fail.Exception, match="Expected to perform 2 queries but 1 was done"):
        async with aassert_num_queries(2):
            await Group.objects.acount()


async def test_more_queries_than_allowed_fail_the_test(aassert_max_num_queries: AsyncTwin) -> None:
    with pytest.raises(pytest.fail.Exception, match="0 queries or less but 1 was done"):
        async with aassert_max_num_queries(0):
            await Group.objects.acount()


async def test_an_error_in_the_block_is_raised_as_it_is(aassert_num_queries: AsyncTwin) -> None:
    with pytest.raises(Group.DoesNotExist):
        async with aassert_num_queries(1):
            await Group.objects.aget()


async def test_a_context_manager_may_suppress_the_error() -> None:
    async with in_orm_thread(suppress(LookupError)):
        raise LookupError


@pytest.mark.parametrize("execute", [False, True], ids=["captured", "captured and run"])
async def test_commit_hooks_are_captured(
    execute: bool, acapture_on_commit_callbacks: AsyncTwin
) -> None:
    ran: list[str] = []

    async with acapture_on_commit_callbacks(execute=execute) as callbacks:
        await sync_to_async(transaction.on_commit)(lambda: ran.append("hook"))

    assert (len(callbacks), len(ran)) == (1, int(execute))


async def test_commit_hooks_do_not_run_unless_asked_for() -> None:
    ran: list[str] = []

    await sync_to_async(transaction.on_commit)(lambda: ran.append("hook"))

    assert not ran


SUITE = """
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test.testcases import DatabaseOperationForbidden

@pytest.fixture
def rolls_back(request):
    return request.getfixturevalue("db") or connection.in_atomic_block

@pytest.mark.django_db(transaction=True)
async def test_marked(rolls_back):
    await Group.objects.acreate(name="one")
    assert rolls_back

async def test_fixture(transactional_db, rolls_back):
    await Group.objects.acreate(name="one")
    assert rolls_back

@pytest.mark.django_db(transaction=True)
async def test_another_database():
    with pytest.raises(DatabaseOperationForbidden):
        await Group.objects.using("other").acount()

@pytest.mark.real_transaction
@pytest.mark.django_db(transaction=True)
async def test_real(rolls_back):
    await Group.objects.acreate(name="one")
    with pytest.raises(IntegrityError):
        await Group.objects.acreate(name="one")
    assert await Group.objects.acount() == 1
    assert not rolls_back

@pytest.mark.django_db(reset_sequences=True)
async def test_sequences(rolls_back):
    assert not rolls_back

@pytest.mark.django_db(transaction=True)
def test_sync(rolls_back):
    assert not rolls_back

async def register():
    ran = []
    await sync_to_async(transaction.on_commit)(lambda: ran.append("hook"))
    return ran

async def test_hooks_of_the_suite(db):
    assert await register() == ["hook"]

async def test_captured(db, acapture_on_commit_callbacks):
    async with acapture_on_commit_callbacks() as callbacks:
        assert await register() == []
    assert len(callbacks) == 1

@pytest.mark.run_on_commit(False)
async def test_discarded(db):
    assert await register() == []
"""


def test_a_suite_can_roll_back_all_async_tests_and_run_all_hooks(inner_suite: InnerSuite) -> None:
    result = inner_suite(SUITE, "--rollback-all", "-o", "run_on_commit=true")

    result.assert_outcomes(passed=9)


@pytest.mark.parametrize(
    ("option", "explained"),
    [
        (
            "--help",
            "*--rollback-all roll back async tests * except real_transaction ones "
            "*run_on_commit (bool): run on_commit hooks in tests that roll back *",
        ),
        (
            "--markers",
            "*run_on_commit(choice=True): whether * although the test rolls back. "
            "*real_transaction: --rollback-all leaves this test its transaction=True. *",
        ),
    ],
    ids=["options", "markers"],
)
def test_its_options_and_markers_are_explained(
    inner_suite: InnerSuite, option: str, explained: str
) -> None:
    result = inner_suite("", option)

    words = " ".join(result.outlines).split()  # however wide the terminal is
    pytest.LineMatcher([" ".join([*words, ""])]).fnmatch_lines([explained])
