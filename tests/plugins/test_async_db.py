"""Commit hooks and query counts in coroutines.

Use the async twins of pytest-django's fixtures around awaited queries; entered plainly in a
coroutine, the originals raise or capture nothing. Let commit hooks run, test by test or for the
suite, where the code under test relies on them: a transaction that is rolled back never does.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import connection, transaction

from tests.plugins.async_db import in_orm_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.plugins.async_db import AsyncTwin
    from tests.plugins.inner_suite import InnerSuite

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="class")  # before the fixtures of the test, and so before the database's
def rollback_all(request: pytest.FixtureRequest) -> Iterator[None]:
    """As if pytest had been called with ``--rollback-all``."""
    with mock.patch.object(request.config.option, "rollback_all", True):
        yield


async def test_queries_are_counted(aassert_num_queries: AsyncTwin) -> None:
    async with aassert_num_queries(2) as captured:
        await Group.objects.acreate(name="one")
        await Group.objects.acount()

    assert "COUNT" in captured[1]["sql"]


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


class Blocks:
    """Code with ``on_commit`` hooks, and a record of what happens when."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def hook(self, event: str) -> Callable[[], None]:
        return lambda: self.events.append(event)

    def failing_hook(self) -> None:
        raise ConnectionError("mail server is down")

    def no_block(self) -> None:
        transaction.on_commit(self.hook("hook"))
        self.events.append("after on_commit")

    def nested(self) -> None:
        with transaction.atomic():
            with transaction.atomic():
                transaction.on_commit(self.hook("hook"))
            self.events.append("outer block")

    def inner_failure(self) -> None:
        with transaction.atomic():
            transaction.on_commit(self.hook("outer hook"))
            with suppress(LookupError), transaction.atomic():
                transaction.on_commit(self.hook("inner hook"))
                raise LookupError

    def outer_failure(self) -> None:
        with suppress(LookupError), transaction.atomic():
            transaction.on_commit(self.hook("hook"))
            raise LookupError

    def set_rollback(self) -> None:
        with transaction.atomic():
            transaction.on_commit(self.hook("hook"))
            transaction.set_rollback(True)

    def hook_in_hook(self) -> None:
        with transaction.atomic():
            transaction.on_commit(lambda: transaction.on_commit(self.hook("hook of a hook")))

    def robust(self) -> None:
        with transaction.atomic():
            transaction.on_commit(self.failing_hook, robust=True)
            transaction.on_commit(self.hook("next hook"))


@pytest.mark.run_on_commit
@pytest.mark.parametrize(
    ("code", "events"),
    [
        pytest.param(Blocks.no_block, ["hook", "after on_commit"], id="at once without a block"),
        pytest.param(Blocks.nested, ["outer block", "hook"], id="after the outermost block"),
        pytest.param(Blocks.inner_failure, ["outer hook"], id="not of an inner block that fails"),
        pytest.param(Blocks.outer_failure, [], id="not of a block that fails"),
        pytest.param(Blocks.set_rollback, [], id="not of a block that is to be rolled back"),
        pytest.param(Blocks.hook_in_hook, ["hook of a hook"], id="of a hook"),
        pytest.param(Blocks.robust, ["next hook"], id="despite the error of a robust one"),
    ],
)
async def test_commit_hooks_run_where_the_test_would_have_committed(
    code: Callable[[Blocks], None], events: list[str]
) -> None:
    blocks = Blocks()

    await sync_to_async(code)(blocks)

    assert blocks.events == events


@pytest.mark.run_on_commit
async def test_a_robust_hooks_error_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    await sync_to_async(Blocks().robust)()

    assert "failing_hook in on_commit() (mail server is down)" in caplog.text


@pytest.mark.run_on_commit
async def test_another_hooks_error_reaches_whoever_leaves_the_block() -> None:
    @transaction.atomic
    def register() -> None:
        transaction.on_commit(Blocks().failing_hook)

    with pytest.raises(ConnectionError):
        await sync_to_async(register)()


@pytest.mark.run_on_commit
async def test_hooks_run_in_the_thread_that_leaves_the_block() -> None:
    threads: list[Any] = []

    @transaction.atomic
    def register() -> None:
        threads.append(threading.current_thread())
        transaction.on_commit(lambda: threads.append(threading.current_thread()))

    await sync_to_async(register)()

    assert threads[0] is threads[1]


@pytest.mark.django_db(transaction=True)
async def test_transaction_true_is_rolled_back_on_request(rollback_all: None) -> None:
    assert await sync_to_async(lambda: connection.in_atomic_block)()


SUITE = """
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

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

    result.assert_outcomes(passed=8)
